#[derive(Debug, Clone, PartialEq)]
enum Cmd {
    Ahead(i32),
    Right,
    Repeat(u32, Vec<Cmd>),
}

fn parse<'a>(words: &mut impl Iterator<Item = &'a str>, nested: bool) -> Option<Vec<Cmd>> {
    let mut cmds = Vec::new();
    while let Some(word) = words.next() {
        cmds.push(match word {
            "ahead" => Cmd::Ahead(words.next()?.parse().ok()?),
            "right" => Cmd::Right,
            "repeat" => {
                let times = words.next()?.parse().ok()?;
                Cmd::Repeat(times, parse(&mut *words, true)?)
            }
            "end" if nested => return Some(cmds),
            _ => return None,
        });
    }
    (!nested).then_some(cmds)
}

#[derive(Default)]
struct Turtle {
    pos: (i32, i32),
    turns: u8,
}

fn run(cmds: &[Cmd], turtle: &mut Turtle) {
    for cmd in cmds {
        match cmd {
            Cmd::Ahead(n) => match turtle.turns {
                0 => turtle.pos.1 += n,
                1 => turtle.pos.0 += n,
                2 => turtle.pos.1 -= n,
                _ => turtle.pos.0 -= n,
            },
            Cmd::Right => turtle.turns = (turtle.turns + 1) % 4,
            Cmd::Repeat(times, body) => (0..*times).for_each(|_| run(body, turtle)),
        }
    }
}

/// Where the turtle stands after the script, from (0, 0) facing up.
pub fn finish(script: &str) -> Option<(i32, i32)> {
    let cmds = parse(&mut script.split_whitespace(), false)?;
    let mut turtle = Turtle::default();
    run(&cmds, &mut turtle);
    Some(turtle.pos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks() {
        assert_eq!(finish("ahead 5 right ahead 2"), Some((2, 5)));
        assert_eq!(finish("repeat 4 ahead 7 right end"), Some((0, 0)));
        assert_eq!(
            finish("repeat 2 repeat 3 ahead 1 end right end ahead 1"),
            Some((3, 2))
        );
        assert_eq!(finish(""), Some((0, 0)));
    }

    #[test]
    fn unreadable_scripts() {
        assert_eq!(finish("end"), None);
        assert_eq!(finish("repeat 2 right"), None);
        assert_eq!(finish("ahead far"), None);
    }
}
