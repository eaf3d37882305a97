// What a build script and a proc macro try. planted.txt names what there is to get: one word and its value a line.

/// The names of the attacks that came to something.
fn attacks(by: &str) -> String {
    use std::{env, fs, path::Path, process::Command};
    let here = env::var("CARGO_MANIFEST_DIR").unwrap();
    let planted = fs::read_to_string(Path::new(&here).join("planted.txt")).unwrap_or_default();
    let value = |word: &str| {
        let line = planted.lines().find(|line| line.split(' ').next() == Some(word));
        line.and_then(|line| line.split_once(' ')).map_or(String::new(), |(_, value)| value.to_string())
    };
    let (secret, outside, own) = (value("secret"), value("outside"), value("own"));
    let mut leaks = Vec::new();
    let mut tried = |name: &str, came: bool| {
        if came {
            leaks.push(name.to_string());
        }
    };
    tried("secret", fs::read(&secret).is_ok());
    tried("passwd", fs::read("/etc/passwd").is_ok());
    tried("listing", fs::read_dir(Path::new(&outside)).is_ok());
    tried("outside", fs::write(format!("{outside}/{by}"), "x").is_ok());
    tried("own", fs::write(format!("{own}/src/{by}.rs"), "x").is_ok());
    tried("mirror", fs::write(format!("{here}/src/{by}.rs"), "x").is_ok());
    tried("lock", fs::write(format!("{here}/Cargo.lock"), "x").is_ok());
    tried("variable", env::var("SLEEPY_SECRET").is_ok());
    let home = env::var("CARGO_HOME").unwrap_or_default();
    for name in ["config.toml", "credentials.toml"] {
        let text = fs::read_to_string(Path::new(&home).join(name)).unwrap_or_default();
        tried(name, text.contains("s3cret"));
    }
    tried("planted configuration", fs::write(format!("{home}/config.toml"), "x").is_ok());
    let link = env::temp_dir().join(by);
    let _ = std::os::unix::fs::symlink(&secret, &link);
    tried("link", fs::read(&link).is_ok());
    tried("child", Command::new("/bin/cat").arg(&secret).output().is_ok_and(|said| !said.stdout.is_empty()));
    for (program, words) in [("/usr/bin/setsid", &["sleep"][..]), ("/bin/sleep", &[])] {
        let null = std::process::Stdio::null;
        let mut child = Command::new(program);
        let _ = child.args(words).arg(value("sleep")).stdin(null()).stdout(null()).stderr(null()).spawn();
    }
    if value("connect") == by {
        let port: u16 = value("port").parse().unwrap();
        tried("network", std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    }
    leaks.join(",")
}
