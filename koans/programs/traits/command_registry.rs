use std::collections::HashMap;

pub trait Command {
    fn run(&mut self, args: &[&str]) -> Result<String, String>;

    fn usage(&self) -> String {
        String::from("(no help)")
    }
}

#[derive(Default)]
pub struct Counter {
    total: i64,
}

impl Command for Counter {
    fn run(&mut self, args: &[&str]) -> Result<String, String> {
        for arg in args {
            let n: i64 = arg.parse().map_err(|_| format!("not a number: {arg}"))?;
            self.total += n;
        }
        Ok(self.total.to_string())
    }

    fn usage(&self) -> String {
        "add N...".to_string()
    }
}

pub struct Echo;

impl Command for Echo {
    fn run(&mut self, args: &[&str]) -> Result<String, String> {
        Ok(args.join(" "))
    }
}

#[derive(Default)]
pub struct Shell {
    commands: HashMap<&'static str, Box<dyn Command>>,
}

impl Shell {
    pub fn register(&mut self, name: &'static str, command: impl Command + 'static) {
        self.commands.insert(name, Box::new(command));
    }

    pub fn exec(&mut self, line: &str) -> Result<String, String> {
        let mut words = line.split_whitespace();
        let name = words.next().ok_or("empty line")?;
        let args: Vec<&str> = words.collect();
        match self.commands.get_mut(name) {
            Some(cmd) if args == ["--help"] => Ok(cmd.usage()),
            Some(cmd) => cmd.run(&args),
            None => Err(format!("unknown command: {}", name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell() -> Shell {
        let mut shell = Shell::default();
        shell.register("add", Counter::default());
        shell.register("echo", Echo);
        shell
    }

    #[test]
    fn state_is_kept() {
        let mut sh = shell();
        assert_eq!(sh.exec("add 2 3"), Ok("5".to_string()));
        assert_eq!(sh.exec("add -1"), Ok("4".to_string()));
        assert_eq!(sh.exec("add x"), Err("not a number: x".to_string()));
    }

    #[test]
    fn help_and_echo() {
        let mut sh = shell();
        assert_eq!(sh.exec("add --help").unwrap(), "add N...");
        assert_eq!(sh.exec("echo --help").unwrap(), "(no help)");
        assert_eq!(sh.exec("echo a  b").unwrap(), "a b");
    }

    #[test]
    fn failures() {
        let mut sh = shell();
        assert_eq!(sh.exec("  ").unwrap_err(), "empty line");
        assert_eq!(sh.exec("rm x").unwrap_err(), "unknown command: rm");
    }
}
