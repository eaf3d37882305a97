//! One bare program a line of stdin: what unsafe code could try of the kernel. Prints LEAK when it worked.

use std::ffi::{c_char, c_int, c_long, c_void};

extern "C" {
    fn kill(pid: c_int, signal: c_int) -> c_int;
    fn getpid() -> c_int;
    fn getppid() -> c_int;
    fn fork() -> c_int;
    fn vfork() -> c_int;
    fn setsid() -> c_int;
    fn signal(number: c_int, handler: usize) -> usize;
    fn unshare(flags: c_int) -> c_int;
    fn mount(a: *const c_char, b: *const c_char, c: *const c_char, flags: u64, data: *const c_void) -> c_int;
    fn chmod(path: *const c_char, mode: u32) -> c_int;
    fn syscall(number: c_long, ...) -> c_long;
}

fn worked(result: c_long) {
    if result >= 0 {
        println!("LEAK");
    }
}

fn main() {
    let mut word = String::new();
    std::io::stdin().read_line(&mut word).unwrap();
    let nothing = std::ptr::null::<c_void>();
    unsafe {
        match word.trim() {
            "nothing" => println!("alive"),
            "kill_all" => worked(kill(-1, 9) as c_long),
            "kill_parent" => worked(kill(getppid(), 9) as c_long),
            "stop_parent" => worked(syscall(234, getppid(), getppid(), 19)),
            "limit_parent" => {
                let mut limits = [0u64; 2];
                worked(syscall(302, getppid(), 11, nothing, limits.as_mut_ptr()));
            }
            "pin_parent" => {
                let mut cores = [0u64; 16];
                worked(syscall(204, getppid(), 128, cores.as_mut_ptr()));
            }
            "stop_itself" => worked(kill(getpid(), 19) as c_long),
            "trace" => worked(syscall(101, 16, getppid(), 0, 0)),
            "read_parent" => worked(syscall(310, getppid(), nothing, 0, nothing, 0, 0)),
            "unshare" => worked(unshare(0x1002_0000) as c_long),
            "mount" => worked(mount(b"/\0".as_ptr().cast(), b"/\0".as_ptr().cast(), std::ptr::null(), 4096, nothing) as c_long),
            "socket" => worked(syscall(41, 2, 1, 0)),
            "unix_socket" => worked(syscall(41, 1, 1, 0)),
            "x32_socket" => worked(syscall(0x4000_0000 + 41, 2, 1, 0)),
            "io_uring" => worked(syscall(425, 8, nothing)),
            "bpf" => worked(syscall(321, 0, nothing, 0)),
            "memfd" => worked(syscall(319, b"x\0".as_ptr(), 0)),
            "keyring" => worked(syscall(250, 0, -3, 0)),
            "userfault" => worked(syscall(323, 0)),
            "perf" => worked(syscall(298, nothing, 0, -1, -1, 0)),
            "fork" => worked(fork() as c_long),
            "vfork" => worked(vfork() as c_long),
            "clone" => worked(syscall(56, 17, 0, 0, 0, 0)),
            "clone3" => {
                let arguments = [0u64, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0];
                worked(syscall(435, arguments.as_ptr(), 88))
            }
            "orphan" => {
                if fork() == 0 {
                    setsid();
                    println!("LEAK");
                }
            }
            "exec" => {
                let words = [b"/bin/sh\0".as_ptr(), b"-c\0".as_ptr(), b"echo LEAK\0".as_ptr(), std::ptr::null()];
                syscall(59, words[0], words.as_ptr(), nothing);
            }
            "chmod" => worked(chmod(b".\0".as_ptr().cast(), 0o777) as c_long),
            "ignore_signals" => {
                for number in [1, 2, 15, 24] {
                    signal(number, 1);
                }
                loop {
                    std::hint::spin_loop();
                }
            }
            _ => println!("LEAK of an unknown name"),
        }
    }
}
