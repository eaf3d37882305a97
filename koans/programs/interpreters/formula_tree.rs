use std::collections::HashMap;
use std::rc::Rc;

#[derive(Debug, Clone)]
pub enum Formula {
    Num(f64),
    Name(String),
    Apply(char, Rc<Formula>, Rc<Formula>),
    Call(String, Rc<Formula>),
}

pub type Function = Box<dyn Fn(f64) -> f64>;

#[derive(Default)]
pub struct Sheet {
    names: HashMap<String, f64>,
    functions: HashMap<String, Function>,
}

impl Sheet {
    pub fn set(&mut self, name: &str, value: f64) -> &mut Self {
        self.names.insert(name.to_string(), value);
        self
    }

    pub fn function<F>(&mut self, name: &str, f: F) -> &mut Self
    where
        F: Fn(f64) -> f64 + 'static,
    {
        self.functions.insert(name.to_string(), Box::new(f));
        self
    }

    pub fn eval(&self, f: &Formula) -> Result<f64, String> {
        Ok(match f {
            Formula::Num(n) => *n,
            Formula::Name(n) => *self.names.get(n).ok_or(format!("no name {n}"))?,
            Formula::Call(n, arg) => {
                let function = self.functions.get(n).ok_or(format!("no function {n}"))?;
                function(self.eval(arg)?)
            }
            Formula::Apply(op, a, b) => {
                let (a, b) = (self.eval(a)?, self.eval(b)?);
                match op {
                    '+' => a + b,
                    '-' => a - b,
                    '*' => a * b,
                    '/' if b != 0.0 => a / b,
                    '/' => return Err("division by zero".to_string()),
                    _ => return Err(format!("no operator {op}")),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(n: &str) -> Rc<Formula> {
        Rc::new(Formula::Name(n.to_string()))
    }

    #[test]
    fn evaluates() {
        let mut sheet = Sheet::default();
        let rate = 0.5;
        sheet
            .set("net", 80.0)
            .set("fee", 4.0)
            .function("half", move |x| x * rate);
        let sum = Rc::new(Formula::Apply('-', name("net"), name("fee")));
        assert_eq!(sheet.eval(&sum), Ok(76.0));
        assert_eq!(
            sheet.eval(&Formula::Call("half".into(), sum.clone())),
            Ok(38.0)
        );
        let both = Formula::Apply('/', sum, Rc::new(Formula::Num(19.0)));
        assert_eq!(sheet.eval(&both), Ok(4.0));
    }

    #[test]
    fn complains() {
        let sheet = Sheet::default();
        assert_eq!(sheet.eval(&name("vat")), Err("no name vat".into()));
        let one = Rc::new(Formula::Num(1.0));
        let call = Formula::Call("sin".into(), one.clone());
        assert_eq!(sheet.eval(&call), Err("no function sin".into()));
        let zero = Rc::new(Formula::Num(0.0));
        let div = Formula::Apply('/', one.clone(), zero);
        assert_eq!(sheet.eval(&div), Err("division by zero".into()));
        let odd = Formula::Apply('%', one.clone(), one);
        assert_eq!(sheet.eval(&odd), Err("no operator %".into()));
    }
}
