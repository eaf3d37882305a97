#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    Run(u8, u8),
    Raw(&'a [u8]),
}

/// Groups bytes into runs of three or more and the raw stretches between them.
pub fn tokens(mut input: &[u8]) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut raw = input;
    let mut raw_len = 0;
    while let Some(&first) = input.first() {
        let run = input.iter().take(255).take_while(|&&b| b == first).count();
        if run >= 3 {
            if raw_len > 0 {
                out.push(Token::Raw(&raw[..raw_len]));
            }
            out.push(Token::Run(first, run as u8));
            raw = &input[run..];
            raw_len = 0;
        } else {
            raw_len += run;
        }
        input = &input[run..];
    }
    if raw_len > 0 {
        out.push(Token::Raw(&raw[..raw_len]));
    }
    out
}

pub fn expand(tokens: &[Token<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for token in tokens {
        match token {
            Token::Run(byte, times) => out.resize(out.len() + usize::from(*times), *byte),
            Token::Raw(bytes) => out.extend_from_slice(bytes),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups() {
        let found = tokens(b"abbcccc!");
        assert_eq!(
            found,
            [Token::Raw(b"abb"), Token::Run(b'c', 4), Token::Raw(b"!")]
        );
        assert_eq!(tokens(&[]), []);
    }

    #[test]
    fn long_runs_are_cut() {
        let input = vec![0; 257];
        assert_eq!(tokens(&input), [Token::Run(0, 255), Token::Raw(&[0, 0])]);
    }

    #[test]
    fn expands() {
        let input = b"xxxyxxxx";
        assert_eq!(expand(&tokens(input)), input);
    }
}
