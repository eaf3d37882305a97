//! The last program of ours before untrusted code: limits, capabilities, Landlock, seccomp, then exec.
//!
//! usage: launcher --profile compile|run [--limit KIND=VALUE]... [--read PATH]... [--write PATH]...
//!                 [--landlock] -- PROGRAM ARG...
//!
//! Exit codes of its own: 120 usage, 121 limits, 122 capabilities, 123 Landlock, 124 seccomp, 125 exec.
//! The environment is passed on as it is: the caller has emptied it. Built once by the user's rustc.

use std::ffi::{c_char, c_int, c_long, c_ulong, c_void, CString};

extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
    fn prctl(option: c_int, ...) -> c_int;
    fn setrlimit(resource: c_int, limit: *const [u64; 2]) -> c_int;
    fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    fn close(fd: c_int) -> c_int;
    fn execv(path: *const c_char, argv: *const *const c_char) -> c_int;
    fn setsid() -> c_int;
}

fn die(code: i32, what: &str) -> ! {
    eprintln!("sleepy launcher: {what}: {}", std::io::Error::last_os_error());
    std::process::exit(code)
}

fn limit(kind: &str, value: u64) {
    let resource = match kind {
        "cpu" => 0,
        "fsize" => 1,
        "core" => 4,
        "nproc" => 6,
        "nofile" => 7,
        "memlock" => 8,
        "as" => 9,
        _ => die(120, "unknown limit"),
    };
    // a second between SIGXCPU, which tells that time is up, and SIGKILL, which tells nothing
    let hard = if kind == "cpu" { value + 1 } else { value };
    if unsafe { setrlimit(resource, &[value, hard]) } != 0 {
        die(121, "setrlimit");
    }
}

/// Root without capabilities is an ordinary owner of its files; exec gives none back.
fn drop_capabilities() {
    unsafe {
        for capability in 0..64 {
            if prctl(24, capability as c_ulong, 0, 0, 0) != 0 {
                break; // past the last one, or not allowed to: then there are none to drop
            }
        }
        prctl(47, 4 as c_ulong, 0, 0, 0); // PR_CAP_AMBIENT_CLEAR_ALL
        let header: [u32; 2] = [0x2008_0522, 0];
        let none: [u32; 6] = [0; 6];
        if syscall(CAPSET, header.as_ptr(), none.as_ptr()) != 0 {
            die(122, "capset");
        }
    }
}

#[cfg(target_arch = "x86_64")]
const CAPSET: c_long = 126;
#[cfg(target_arch = "x86_64")]
const ARCH: u32 = 0xC000_003E;

const LANDLOCK_CREATE: c_long = 444;
const LANDLOCK_ADD: c_long = 445;
const LANDLOCK_RESTRICT: c_long = 446;
const READ: u64 = 1 | 4 | 8; // execute, read_file, read_dir

fn landlock(reads: &[String], writes: &[String]) {
    unsafe {
        let abi = syscall(LANDLOCK_CREATE, 0 as *const c_void, 0usize, 1u32);
        if abi < 4 {
            die(123, "Landlock ABI 4 or later is needed");
        }
        let files: u64 = (1 << if abi >= 5 { 16 } else { 15 }) - 1;
        let scoped: u64 = if abi >= 6 { 3 } else { 0 };
        let attributes: [u64; 3] = [files, 3, scoped];
        let size: usize = if abi >= 6 { 24 } else { 16 };
        let ruleset = syscall(LANDLOCK_CREATE, attributes.as_ptr(), size, 0u32);
        if ruleset < 0 {
            die(123, "landlock_create_ruleset");
        }
        for (paths, access) in [(reads, READ), (writes, files)] {
            for path in paths {
                let name = CString::new(path.as_str()).unwrap();
                let fd = open(name.as_ptr(), 0o10000000 | 0o2000000); // O_PATH | O_CLOEXEC
                if fd < 0 {
                    continue; // a folder this system does not have
                }
                let is_file = std::fs::metadata(path).map(|m| !m.is_dir()).unwrap_or(false);
                let allowed = if is_file { access & (1 | 2 | 4 | (1 << 14)) } else { access };
                let mut rule = [0u8; 12];
                rule[..8].copy_from_slice(&allowed.to_ne_bytes());
                rule[8..].copy_from_slice(&fd.to_ne_bytes());
                if syscall(LANDLOCK_ADD, ruleset, 1u32, rule.as_ptr(), 0u32) != 0 {
                    die(123, "landlock_add_rule");
                }
                close(fd);
            }
        }
        if syscall(LANDLOCK_RESTRICT, ruleset, 0u32) != 0 {
            die(123, "landlock_restrict_self");
        }
    }
}

// x86-64 numbers. KILLED: nothing that compiles or is tested here has a use for them.
const KILLED: &[u32] = &[
    41, 42, 43, 44, 48, 49, 50, 51, 52, 54, 55, 288, 299, 307, // sockets
    101, 310, 311, 425, 426, 427, 321, 298, 165, 166, 155, 161, 272, 308, 169, 246, 320, 175, 176, 313, 248,
    249, 250, 303, 304, 323, 319, 447, 428, 429, 430, 431, 432, 433, 442, 438, 134, 156, 163, 167, 168, 180,
    179, 212, 216, 256, 279, 237, 238, 239, 300, 301, 434, 424,
];
// A compiler forks its linker and hears of it over a socketpair; in a test run either is an attack.
const KILLED_RUN: &[u32] = &[45, 46, 47, 53, 57, 58, 62, 200, 322, 112, 109];
const REFUSED: &[u32] = &[112, 109, 62, 200, 234];
const ALLOWED_RUN: &[u32] = &[
    0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 23, 24, 25, 26, 28, 32, 33, 35, 39, 60, 61,
    63, 72, 79, 96, 97, 98, 99, 102, 104, 107, 108, 110, 111, 115, 124, 131, 157, 158, 186, 201, 202,
    213, 217, 218, 219, 228, 229, 230, 231, 232, 233, 247, 257, 262, 270, 271, 273, 274, 281, 290, 291, 292,
    293, 309, 318, 324, 332, 334, 439, 441, 449, 2, 4, 6, 21, 89, 267, 269, 36, 38, 37, 222, 223, 226,
];

const ALLOW: u32 = 0x7fff_0000;
const KILL: u32 = 0x8000_0000;
const EPERM: u32 = 0x0005_0001;
const ENOSYS: u32 = 0x0005_0026;

fn seccomp(run: bool) {
    let mut program: Vec<[u16; 4]> = Vec::new();
    let mut op = |code: u16, jt: u8, jf: u8, k: u32| {
        program.push([code, u16::from_le_bytes([jt, jf]), k as u16, (k >> 16) as u16]);
    };
    op(0x20, 0, 0, 4); // load the architecture
    op(0x15, 1, 0, ARCH);
    op(0x06, 0, 0, KILL);
    op(0x20, 0, 0, 0); // load the number
    op(0x35, 0, 1, 0x4000_0000); // the x32 numbers
    op(0x06, 0, 0, KILL);
    let answer = |op: &mut dyn FnMut(u16, u8, u8, u32), numbers: &[u32], action: u32| {
        for &number in numbers {
            op(0x15, 0, 1, number);
            op(0x06, 0, 0, action);
        }
    };
    answer(&mut op, &[435], ENOSYS); // clone3: libc falls back to clone, whose flags can be read
    if run {
        answer(&mut op, KILLED_RUN, KILL);
        op(0x15, 0, 4, 234); // tgkill: abort() signals its own process, nothing else may
        op(0x20, 0, 0, 16);
        op(0x15, 0, 1, std::process::id());
        op(0x06, 0, 0, ALLOW);
        op(0x06, 0, 0, KILL);
    } else {
        answer(&mut op, REFUSED, EPERM);
    }
    for number in [302, 203, 204] {
        op(0x15, 0, 5, number); // prlimit64 and the affinity calls: of the caller alone, not of who judges it
        op(0x20, 0, 0, 16);
        op(0x15, 1, 0, 0);
        op(0x15, 0, 1, std::process::id());
        op(0x06, 0, 0, ALLOW);
        op(0x06, 0, 0, EPERM);
    }
    answer(&mut op, KILLED, KILL);
    // clone: a run may make threads only, a compiler no new namespaces
    op(0x15, 0, 5, 56);
    op(0x20, 0, 0, 16); // its flags
    if run {
        op(0x45, 0, 2, 0x0001_0000); // CLONE_THREAD
        op(0x45, 1, 0, 0x7e02_0000); // a namespace
        op(0x06, 0, 0, ALLOW);
        op(0x06, 0, 0, KILL);
    } else {
        op(0x45, 1, 0, 0x7e02_0000);
        op(0x06, 0, 0, ALLOW);
        op(0x06, 0, 0, KILL);
        op(0x06, 0, 0, KILL);
    }
    op(0x20, 0, 0, 0);
    if run {
        answer(&mut op, ALLOWED_RUN, ALLOW);
        answer(&mut op, &[59], ALLOW); // our own exec; the file it names is all there is to execute
        op(0x06, 0, 0, EPERM);
    } else {
        op(0x06, 0, 0, ALLOW);
    }
    #[repr(C)]
    struct Program {
        length: u16,
        filter: *const c_void,
    }
    let filter = Program { length: program.len() as u16, filter: program.as_ptr() as *const c_void };
    if unsafe { prctl(22, 2 as c_ulong, &filter as *const Program) } != 0 {
        die(124, "seccomp");
    }
}

fn main() {
    let mut words = std::env::args().skip(1);
    let (mut run, mut fenced) = (true, false);
    let (mut reads, mut writes, mut limits) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| die(120, "an option lacks its value"));
        match word.as_str() {
            "--profile" => run = value() != "compile",
            "--limit" => limits.push(value()),
            "--read" => reads.push(value()),
            "--write" => writes.push(value()),
            "--landlock" => fenced = true,
            "--" => break,
            _ => die(120, "unknown option"),
        }
    }
    let command: Vec<CString> = words.map(|word| CString::new(word).unwrap()).collect();
    if command.is_empty() {
        die(120, "no program");
    }
    unsafe {
        setsid(); // fails when the caller did it: fine
        if prctl(1, 9 as c_ulong, 0, 0, 0) != 0 || prctl(38, 1 as c_ulong, 0, 0, 0) != 0 {
            die(121, "prctl"); // die with the parent; no new privileges
        }
    }
    for entry in &limits {
        let (kind, value) = entry.split_once('=').unwrap_or_else(|| die(120, "a limit is KIND=VALUE"));
        limit(kind, value.parse().unwrap_or_else(|_| die(120, "a limit is a number")));
    }
    drop_capabilities();
    if fenced {
        landlock(&reads, &writes);
    }
    seccomp(run);
    let mut argv: Vec<*const c_char> = command.iter().map(|word| word.as_ptr()).collect();
    argv.push(std::ptr::null());
    unsafe { execv(argv[0], argv.as_ptr()) };
    die(125, "exec")
}
