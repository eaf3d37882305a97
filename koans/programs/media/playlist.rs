use std::collections::HashSet;
use std::rc::Rc;

#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Track {
    pub title: String,
    pub artist: String,
    pub secs: u32,
}

/// Tracks are shared: one recording may stand in many lists.
#[derive(Debug, Clone, Default)]
pub struct Playlist {
    pub name: String,
    tracks: Vec<Rc<Track>>,
}

impl Playlist {
    pub fn named(name: &str) -> Self {
        Playlist {
            name: name.to_string(),
            ..Default::default()
        }
    }

    pub fn push(&mut self, track: &Rc<Track>) {
        self.tracks.push(Rc::clone(track));
    }

    pub fn length(&self) -> String {
        let secs: u32 = self.tracks.iter().map(|t| t.secs).sum();
        format!("{}:{:02}", secs / 60, secs % 60)
    }

    /// Both lists one after the other, each track once.
    pub fn merged(&self, other: &Playlist) -> Playlist {
        let mut seen = HashSet::new();
        let tracks = self.tracks.iter().chain(&other.tracks);
        Playlist {
            name: format!("{} + {}", self.name, other.name),
            tracks: tracks.filter(|t| seen.insert(*t)).cloned().collect(),
        }
    }

    pub fn titles(&self) -> Vec<&str> {
        self.tracks.iter().map(|t| t.title.as_str()).collect()
    }

    pub fn artists(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.tracks.iter().map(|t| &t.artist[..]).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(title: &str, artist: &str, secs: u32) -> Rc<Track> {
        Rc::new(Track {
            title: title.into(),
            artist: artist.into(),
            secs,
        })
    }

    #[test]
    fn shared_tracks() {
        let rain = track("Rain", "Olve", 185);
        let (mut a, mut b) = (Playlist::named("calm"), Playlist::named("wet"));
        a.push(&rain);
        b.push(&track("Tide", "Brix", 60));
        b.push(&rain);
        assert_eq!(Rc::strong_count(&rain), 3);
        let both = a.merged(&b);
        assert_eq!(both.titles(), ["Rain", "Tide"]);
        assert_eq!(
            (both.name.as_str(), both.length()),
            ("calm + wet", "4:05".into())
        );
        assert_eq!(b.length(), "4:05");
    }

    #[test]
    fn artists_once() {
        let mut p = Playlist::named("mix");
        for (t, a) in [("x", "Ulm"), ("y", "Ebo"), ("z", "Ulm")] {
            p.push(&track(t, a, 1));
        }
        assert_eq!(p.artists(), ["Ebo", "Ulm"]);
        assert_eq!(Playlist::default().length(), "0:00");
    }
}
