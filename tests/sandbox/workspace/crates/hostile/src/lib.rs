pub const BY_BUILD: &str = include_str!(concat!(env!("OUT_DIR"), "/leaks.txt"));
pub const BY_MACRO: &str = hostile_macro::leaks!();

pub fn add(a: i32, b: i32) -> i32 {
    a + b
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_leaks_to_the_build_script() {
        assert_eq!(super::BY_BUILD, "");
    }

    #[test]
    fn nothing_leaks_to_the_macro() {
        assert_eq!(super::BY_MACRO, "");
    }
}
