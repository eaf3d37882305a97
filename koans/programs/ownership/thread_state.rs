/// Numbers and nesting for a printed outline; one state goes through all the calls.
#[derive(Debug, Default)]
struct Printer {
    out: String,
    number: u32,
}

pub enum Node {
    Leaf(&'static str),
    Group(&'static str, Vec<Node>),
}

fn emit(printer: &mut Printer, depth: usize, label: &str) {
    printer.number += 1;
    let line = format!(
        "{:indent$}{}. {label}\n",
        "",
        printer.number,
        indent = depth * 2
    );
    printer.out += &line;
}

fn visit(node: &Node, printer: &mut Printer, depth: usize) {
    match node {
        Node::Leaf(label) => emit(printer, depth, label),
        Node::Group(label, children) => {
            emit(printer, depth, label);
            for child in children {
                visit(child, printer, depth + 1);
            }
        }
    }
}

pub fn print(nodes: &[Node]) -> String {
    let mut printer = Printer::default();
    for node in nodes {
        visit(node, &mut printer, 0);
    }
    printer.out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_run_through() {
        let nodes = [
            Node::Group("Kitchen", vec![Node::Leaf("Sink"), Node::Leaf("Oven")]),
            Node::Leaf("Garage"),
        ];
        assert_eq!(
            print(&nodes),
            "1. Kitchen\n  2. Sink\n  3. Oven\n4. Garage\n"
        );
    }

    #[test]
    fn nested_twice() {
        let nodes = [Node::Group(
            "a",
            vec![Node::Group("b", vec![Node::Leaf("c")])],
        )];
        assert_eq!(print(&nodes), "1. a\n  2. b\n    3. c\n");
        assert_eq!(print(&[]), "");
    }
}
