use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token(u32);

#[derive(Debug)]
struct Invitation {
    email: String,
    uses_left: u8,
}

#[derive(Debug, Default)]
pub struct Invitations {
    counter: u32,
    open: HashMap<Token, Invitation>,
}

impl Invitations {
    pub fn invite(&mut self, email: &str, uses: u8) -> Token {
        self.counter += 1;
        let token = Token(self.counter.wrapping_mul(7919));
        self.open.insert(
            token,
            Invitation {
                email: email.to_ascii_lowercase(),
                uses_left: uses,
            },
        );
        token
    }

    pub fn redeem(&mut self, token: Token) -> Option<String> {
        let invitation = self.open.get_mut(&token)?;
        invitation.uses_left -= 1;
        if invitation.uses_left == 0 {
            return self.open.remove(&token).map(|done| done.email);
        }
        Some(invitation.email.clone())
    }

    pub fn withdraw(&mut self, email: &str) -> usize {
        let before = self.open.len();
        self.open
            .retain(|_, invitation| !invitation.email.eq_ignore_ascii_case(email));
        before - self.open.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_run_out() {
        let mut invitations = Invitations::default();
        let token = invitations.invite("Pat@Mail.test", 2);
        assert_eq!(token, Token(7919));
        assert_eq!(invitations.redeem(token).as_deref(), Some("pat@mail.test"));
        assert_eq!(invitations.redeem(token).as_deref(), Some("pat@mail.test"));
        assert_eq!(invitations.redeem(token), None);
    }

    #[test]
    fn withdraws_all_of_one_address() {
        let mut invitations = Invitations::default();
        let first = invitations.invite("a@x.test", 1);
        let second = invitations.invite("b@x.test", 1);
        invitations.invite("A@x.test", 1);
        assert_ne!(first, second);
        assert_eq!(invitations.withdraw("A@X.test"), 2);
        assert_eq!(invitations.redeem(first), None);
        assert!(invitations.redeem(second).is_some());
    }
}
