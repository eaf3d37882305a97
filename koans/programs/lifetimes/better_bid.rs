#[derive(Debug, PartialEq)]
pub struct Bid {
    pub bidder: String,
    pub amount: u32,
}

pub fn better<'a>(a: &'a Bid, b: &'a Bid) -> &'a Bid {
    if b.amount > a.amount {
        b
    } else {
        a
    }
}

pub fn winner<'a>(bids: &'a [Bid], reserve: &'a Bid) -> &'a str {
    let best = bids.iter().fold(reserve, |best, bid| better(best, bid));
    best.bidder.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bid(bidder: &str, amount: u32) -> Bid {
        Bid {
            bidder: bidder.to_string(),
            amount,
        }
    }

    #[test]
    fn ties_go_to_the_earlier_bid() {
        let (a, b) = (bid("ann", 5), bid("bea", 5));
        assert_eq!(better(&a, &b), &a);
        assert_eq!(better(&a, &bid("cy", 6)).bidder, "cy");
    }

    #[test]
    fn winner_must_beat_reserve() {
        let reserve = bid("house", 50);
        let bids = vec![bid("x", 40), bid("y", 60), bid("z", 60)];
        assert_eq!(winner(&bids, &reserve), "y");
        assert_eq!(winner(&bids[..1], &reserve), "house");
    }
}
