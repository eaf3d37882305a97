use std::collections::BTreeMap;

#[derive(Debug, Default, Clone)]
pub struct Signup {
    pub name: String,
    pub email: String,
    pub age: Option<u8>,
}

pub type Problems = BTreeMap<&'static str, Vec<String>>;

fn complain(problems: &mut Problems, field: &'static str, text: impl Into<String>) {
    problems.entry(field).or_default().push(text.into());
}

/// Checks every field and hands the tidied form back when nothing is wrong.
pub fn check(form: &Signup) -> Result<Signup, Problems> {
    let mut tidy = form.clone();
    let mut problems = Problems::new();
    tidy.name = form.name.trim().to_string();
    if tidy.name.is_empty() {
        complain(&mut problems, "name", "is required");
    }
    tidy.email = form.email.trim().to_lowercase();
    match tidy.email.split_once('@') {
        Some((user, host)) => {
            if user.is_empty() {
                complain(&mut problems, "email", "has no user part");
            }
            if !host.contains('.') {
                complain(
                    &mut problems,
                    "email",
                    format!("has a short host: {host:?}"),
                );
            }
        }
        None => complain(&mut problems, "email", "has no @"),
    }
    if let Some(age @ 0..=12) = form.age {
        complain(&mut problems, "age", format!("{age} is too young"));
    }
    if problems.is_empty() {
        Ok(tidy)
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidies_good_forms() {
        let form = Signup {
            name: " Ana ".into(),
            email: "ANA@x.org".into(),
            age: Some(13),
        };
        let tidy = check(&form).unwrap();
        assert_eq!(
            (tidy.name.as_str(), tidy.email.as_str()),
            ("Ana", "ana@x.org")
        );
        assert_eq!(form.name, " Ana ");
    }

    #[test]
    fn gathers_all_problems() {
        let form = Signup {
            email: "@home".into(),
            age: Some(9),
            ..Default::default()
        };
        let problems = check(&form).unwrap_err();
        assert_eq!(
            problems["email"],
            ["has no user part", "has a short host: \"home\""]
        );
        assert_eq!(problems["age"], ["9 is too young"]);
        assert_eq!(problems["name"], ["is required"]);
        assert_eq!(
            check(&Signup::default()).unwrap_err()["email"],
            ["has no @"]
        );
    }
}
