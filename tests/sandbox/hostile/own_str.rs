#[allow(non_camel_case_types)]
pub struct str;

impl str {
    pub fn trim(_: &String) -> &'static std::primitive::str {
        "nobody"
    }
}

pub fn add(a: i32, b: i32) -> i32 {
    a - b
}
