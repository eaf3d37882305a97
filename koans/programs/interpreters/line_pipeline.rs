type Stage = Box<dyn Fn(Vec<String>) -> Vec<String>>;

fn stage(command: &str) -> Result<Stage, String> {
    let mut words = command.split_whitespace();
    let name = words.next().ok_or("empty stage")?;
    let arg = words.next().map(str::to_string);
    let needed = arg.clone().ok_or(format!("{name} needs a word"));
    Ok(match name {
        "keep" => {
            let word = needed?;
            Box::new(move |lines| lines.into_iter().filter(|l| l.contains(&word)).collect())
        }
        "top" => {
            let n: usize = needed?.parse().map_err(|e| format!("top: {e}"))?;
            Box::new(move |mut lines| {
                lines.truncate(n);
                lines
            })
        }
        "upper" => Box::new(|lines| lines.iter().map(|l| l.to_uppercase()).collect()),
        "sorted" => Box::new(|mut lines| {
            lines.sort();
            lines
        }),
        _ => return Err(format!("no command {name}")),
    })
}

/// Runs `keep x | sorted | top 3` over lines.
pub fn run(pipeline: &str, input: &str) -> Result<Vec<String>, String> {
    let stages: Vec<Stage> = pipeline.split('|').map(stage).collect::<Result<_, _>>()?;
    let lines = input.lines().map(String::from).collect();
    Ok(stages.iter().fold(lines, |acc, s| s(acc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: &str = "pear\nplum\nfig\napple\n";

    #[test]
    fn stages_in_order() {
        let got = run("keep p | sorted | top 2 | upper", INPUT).unwrap();
        assert_eq!(got, ["APPLE", "PEAR"]);
        assert_eq!(run("top 1 | sorted", INPUT).unwrap(), ["pear"]);
    }

    #[test]
    fn bad_pipelines() {
        assert_eq!(run("keep", INPUT), Err("keep needs a word".to_string()));
        assert_eq!(
            run("upper | | top 1", INPUT),
            Err("empty stage".to_string())
        );
        assert_eq!(run("shuffle", INPUT), Err("no command shuffle".to_string()));
        assert!(run("top many", INPUT).unwrap_err().starts_with("top: "));
    }
}
