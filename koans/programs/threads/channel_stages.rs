use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub sensor: u8,
    pub value: f64,
}

fn parser(lines: Vec<&'static str>, out: Sender<Reading>) -> JoinHandle<usize> {
    thread::spawn(move || {
        let mut rejected = 0;
        for line in lines {
            let parsed = line.split_once('@').and_then(|(value, sensor)| {
                let value = value.parse().ok()?;
                let sensor = sensor.parse().ok()?;
                Some(Reading { sensor, value })
            });
            match parsed {
                Some(reading) => out.send(reading).unwrap(),
                None => rejected += 1,
            }
        }
        rejected
    })
}

fn scaler(input: Receiver<Reading>, out: Sender<Reading>, factor: f64) -> JoinHandle<()> {
    thread::spawn(move || {
        for mut reading in input {
            reading.value *= factor;
            if out.send(reading).is_err() {
                break;
            }
        }
    })
}

/// Returns the scaled readings in input order, and the number of bad lines.
pub fn process(lines: &[&'static str], factor: f64) -> (Vec<Reading>, usize) {
    let (raw_tx, raw_rx) = mpsc::channel();
    let (tx, rx) = mpsc::channel();
    let first = parser(lines.to_vec(), raw_tx);
    let second = scaler(raw_rx, tx, factor);
    let readings = rx.iter().collect();
    second.join().unwrap();
    (readings, first.join().unwrap())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order() {
        let (got, bad) = process(&["1.5@3", "oops", "2@4", "x@1"], 2.0);
        assert_eq!(bad, 2);
        assert_eq!(
            got,
            vec![
                Reading {
                    sensor: 3,
                    value: 3.0
                },
                Reading {
                    sensor: 4,
                    value: 4.0
                }
            ]
        );
    }

    #[test]
    fn empty_input() {
        assert_eq!(process(&[], 1.0), (vec![], 0));
    }
}
