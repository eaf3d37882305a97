use std::slice;
use std::vec;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Song {
    pub title: String,
    pub seconds: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Playlist {
    songs: Vec<Song>,
}

impl Playlist {
    pub fn seconds(&self) -> u32 {
        self.into_iter().map(|song| song.seconds).sum()
    }

    pub fn fade(&mut self, cut: u32) {
        for song in self {
            song.seconds = song.seconds.saturating_sub(cut);
        }
    }
}

impl FromIterator<Song> for Playlist {
    fn from_iter<I: IntoIterator<Item = Song>>(songs: I) -> Self {
        Playlist {
            songs: songs.into_iter().collect(),
        }
    }
}

impl Extend<Song> for Playlist {
    fn extend<I: IntoIterator<Item = Song>>(&mut self, songs: I) {
        for song in songs {
            if !self.songs.contains(&song) {
                self.songs.push(song);
            }
        }
    }
}

impl IntoIterator for Playlist {
    type Item = Song;
    type IntoIter = vec::IntoIter<Song>;

    fn into_iter(self) -> Self::IntoIter {
        self.songs.into_iter()
    }
}

impl<'a> IntoIterator for &'a Playlist {
    type Item = &'a Song;
    type IntoIter = slice::Iter<'a, Song>;

    fn into_iter(self) -> Self::IntoIter {
        self.songs.iter()
    }
}

impl<'a> IntoIterator for &'a mut Playlist {
    type Item = &'a mut Song;
    type IntoIter = slice::IterMut<'a, Song>;

    fn into_iter(self) -> Self::IntoIter {
        self.songs.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(title: &str, seconds: u32) -> Song {
        Song {
            title: title.to_string(),
            seconds,
        }
    }

    #[test]
    fn three_ways_to_walk() {
        let mut list: Playlist = vec![song("rain", 200), song("sun", 3)]
            .into_iter()
            .collect();
        let copy = list.clone();
        list.fade(5);
        assert_eq!(list.seconds(), 195);
        assert_eq!(copy.seconds(), 203);
        let titles: Vec<String> = list.into_iter().map(|song| song.title).collect();
        assert_eq!(titles, ["rain", "sun"]);
    }

    #[test]
    fn extending_skips_known_songs() {
        let mut list = Playlist::default();
        list.extend([song("a", 1), song("b", 2), song("a", 1)]);
        list.extend(vec![song("a", 9)]);
        assert_eq!(list.seconds(), 12);
        let mut count = 0;
        for _ in &list {
            count += 1;
        }
        assert_eq!(count, 3);
    }
}
