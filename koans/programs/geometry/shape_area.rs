pub trait Shape {
    fn area(&self) -> f64;
    fn label(&self) -> String;
}

#[derive(Clone)]
pub struct Board {
    pub length: f64,
    pub width: f64,
}

pub struct Hole {
    pub side: f64,
}

pub struct Cut {
    outer: Box<dyn Shape>,
    inner: Vec<Box<dyn Shape>>,
}

impl Shape for Board {
    fn area(&self) -> f64 {
        self.length * self.width
    }

    fn label(&self) -> String {
        format!("board {}x{}", self.length, self.width)
    }
}

impl Shape for Hole {
    fn area(&self) -> f64 {
        self.side * self.side
    }

    fn label(&self) -> String {
        "hole".to_string()
    }
}

impl Cut {
    pub fn from(outer: impl Shape + 'static) -> Self {
        Cut {
            outer: Box::new(outer),
            inner: Vec::new(),
        }
    }

    pub fn without(mut self, shape: impl Shape + 'static) -> Self {
        self.inner.push(Box::new(shape));
        self
    }
}

impl Shape for Cut {
    fn area(&self) -> f64 {
        self.outer.area() - self.inner.iter().map(|shape| shape.area()).sum::<f64>()
    }

    fn label(&self) -> String {
        let parts: Vec<String> = self.inner.iter().map(|shape| shape.label()).collect();
        format!("{} less {}", self.outer.label(), parts.join(" and "))
    }
}

pub fn largest<'s>(shapes: &'s [&'s dyn Shape]) -> Option<&'s dyn Shape> {
    let by_area = shapes.iter().copied();
    by_area.max_by(|a, b| a.area().total_cmp(&b.area()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting() {
        let board = Board {
            length: 4.0,
            width: 2.5,
        };
        let cut = Cut::from(board.clone())
            .without(Hole { side: 1.0 })
            .without(Hole { side: 0.5 });
        assert_eq!(cut.area(), 8.75);
        assert_eq!(cut.label(), "board 4x2.5 less hole and hole");
        assert_eq!(board.area(), 10.0);
    }

    #[test]
    fn largest_wins() {
        let small = Hole { side: 2.0 };
        let big = Board {
            length: 3.0,
            width: 3.0,
        };
        let best = largest(&[&small, &big]).map(|shape| shape.label());
        assert_eq!(best.as_deref(), Some("board 3x3"));
        assert!(largest(&[]).is_none());
    }
}
