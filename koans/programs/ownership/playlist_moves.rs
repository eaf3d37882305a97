#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    pub title: String,
    pub seconds: u32,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Playlist {
    songs: Vec<Song>,
}

impl Playlist {
    pub fn with(mut self, title: &str, seconds: u32) -> Self {
        self.songs.push(Song {
            title: title.to_string(),
            seconds,
        });
        self
    }

    pub fn length(&self) -> u32 {
        self.songs.iter().map(|s| s.seconds).sum()
    }

    pub fn titles(&self) -> Vec<&str> {
        self.songs.iter().map(|s| s.title.as_str()).collect()
    }

    /// Splits into songs that fit the limit and the others, without cloning a title.
    pub fn fit(self, limit: u32) -> (Playlist, Playlist) {
        let mut used = 0;
        let (fits, rest) = self.songs.into_iter().partition(|song| {
            let ok = used + song.seconds <= limit;
            if ok {
                used += song.seconds;
            }
            ok
        });
        (Playlist { songs: fits }, Playlist { songs: rest })
    }
}

fn main() {
    let list = Playlist::default().with("Intro", 40).with("Long one", 600);
    let backup = list.clone();
    let (short, _) = list.fit(300);
    println!("{:?} of {:?}", short.titles(), backup.titles());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Playlist {
        Playlist::default()
            .with("a", 100)
            .with("b", 250)
            .with("c", 50)
    }

    #[test]
    fn sums_and_titles() {
        assert_eq!(list().length(), 400);
        assert_eq!(list().titles(), ["a", "b", "c"]);
    }

    #[test]
    fn fits() {
        let (short, rest) = list().fit(160);
        assert_eq!(short.titles(), ["a", "c"]);
        assert_eq!(rest, Playlist::default().with("b", 250));
        let (all, none) = list().fit(400);
        assert_eq!(all, list());
        assert_eq!(none.length(), 0);
    }
}
