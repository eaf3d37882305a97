use std::mem;

type Step = Box<dyn Fn(u32) -> u32>;

/// A queue of price changes that is used up by the next checkout.
#[derive(Default)]
pub struct CouponStack {
    steps: Vec<Step>,
}

impl CouponStack {
    pub fn push<F>(&mut self, step: F)
    where
        F: Fn(u32) -> u32 + 'static,
    {
        self.steps.push(Box::new(step));
    }

    pub fn percent(&mut self, percent: u32) {
        self.push(move |cents| cents - cents * percent / 100);
    }

    pub fn flat(&mut self, off: u32) {
        self.push(move |cents| cents.saturating_sub(off));
    }

    pub fn checkout(&mut self, price: u32) -> u32 {
        let steps = mem::take(&mut self.steps);
        steps.iter().fold(price, |cents, step| step(cents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_run_in_order_and_only_once() {
        let mut stack = CouponStack::default();
        stack.percent(10);
        stack.flat(300);
        assert_eq!(stack.checkout(2000), 1500);
        assert_eq!(stack.checkout(2000), 2000);
        stack.flat(300);
        stack.percent(10);
        assert_eq!(stack.checkout(2000), 1530);
    }

    #[test]
    fn own_steps_and_floor() {
        let mut stack = CouponStack::default();
        let cap = 999;
        stack.push(move |c| c.min(cap));
        assert_eq!(stack.checkout(5000), 999);
        stack.flat(50);
        assert_eq!(stack.checkout(20), 0);
    }
}
