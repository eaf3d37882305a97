#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Push(i16),
    Drop,
    Dup,
    Sum(u8),
}

/// Deepest the stack gets, found without running; `Err` is the place that takes too much.
pub fn deepest(program: &[Code]) -> Result<usize, usize> {
    let (mut depth, mut most) = (0usize, 0);
    for (at, code) in program.iter().enumerate() {
        let (takes, gives) = match code {
            Code::Push(_) => (0, 1),
            Code::Drop => (1, 0),
            Code::Dup => (1, 2),
            Code::Sum(n) => (usize::from(*n), 1),
        };
        depth = depth.checked_sub(takes).ok_or(at)? + gives;
        most = most.max(depth);
    }
    Ok(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deepest_point() {
        let code = [
            Code::Push(4),
            Code::Dup,
            Code::Dup,
            Code::Sum(3),
            Code::Drop,
        ];
        assert_eq!(deepest(&code), Ok(3));
        assert_eq!(deepest(&[Code::Push(1), Code::Drop, Code::Push(2)]), Ok(1));
        assert_eq!(deepest(&[]), Ok(0));
    }

    #[test]
    fn taking_too_much() {
        assert_eq!(deepest(&[Code::Push(1), Code::Sum(2)]), Err(1));
        assert_eq!(deepest(&[Code::Dup]), Err(0));
    }
}
