use std::num::ParseIntError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    BadId(ParseIntError),
    NotFound(u32),
    Forbidden,
}

impl From<ParseIntError> for ApiError {
    fn from(e: ParseIntError) -> Self {
        ApiError::BadId(e)
    }
}

impl ApiError {
    pub fn status(&self) -> u16 {
        match self {
            ApiError::BadId(_) => 400,
            ApiError::Forbidden => 403,
            ApiError::NotFound(_) => 404,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: u32,
    pub owner: String,
    pub text: String,
}

pub fn show(notes: &[Note], id: &str, user: &str) -> Result<String, ApiError> {
    let id: u32 = id.trim_start_matches("note-").parse()?;
    let note = notes
        .iter()
        .find(|n| n.id == id)
        .ok_or(ApiError::NotFound(id))?;
    if note.owner != user {
        return Err(ApiError::Forbidden);
    }
    Ok(note.text.clone())
}

fn main() {
    let notes = vec![Note {
        id: 1,
        owner: "ada".to_string(),
        text: "call the plumber".to_string(),
    }];
    match show(&notes, "note-1", "ada") {
        Ok(text) => println!("{text}"),
        Err(e) => println!("status {}", e.status()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes() -> Vec<Note> {
        vec![Note {
            id: 8,
            owner: "lev".into(),
            text: "water plants".into(),
        }]
    }

    #[test]
    fn finds_own_note() {
        assert_eq!(show(&notes(), "note-8", "lev"), Ok("water plants".into()));
        assert_eq!(show(&notes(), "8", "lev").unwrap(), "water plants");
    }

    #[test]
    fn failures_have_a_status() {
        let status = |id, user| show(&notes(), id, user).unwrap_err().status();
        assert_eq!(status("note-9", "lev"), 404);
        assert_eq!(status("note-8", "eve"), 403);
        assert_eq!(status("note-x", "lev"), 400);
        assert_eq!(show(&notes(), "9", "lev"), Err(ApiError::NotFound(9)));
    }
}
