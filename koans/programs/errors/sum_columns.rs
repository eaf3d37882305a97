use std::error::Error;

/// Sums one column of a `a;b;c` table.
pub fn column_sum(table: &str, column: usize) -> Result<f64, Box<dyn Error>> {
    let mut sum = 0.0;
    for line in table.lines() {
        let cell = line
            .split(';')
            .nth(column)
            .ok_or_else(|| format!("no column {column} in {line:?}"))?;
        sum += cell.trim().parse::<f64>()?;
    }
    Ok(sum)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", column_sum("1;2\n3;4", 1)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        assert_eq!(column_sum("1;2.5\n3; 4\n", 1).unwrap(), 6.5);
        assert_eq!(column_sum("", 3).unwrap(), 0.0);
    }

    #[test]
    fn complains() {
        let err = column_sum("1;2\n3", 1).unwrap_err();
        assert_eq!(err.to_string(), "no column 1 in \"3\"");
        let err = column_sum("x", 0).unwrap_err();
        assert_eq!(err.to_string(), "invalid float literal");
    }
}
