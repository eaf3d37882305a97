#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Load { reg: u8, value: i32 },
    Add { to: u8, from: u8 },
    JumpIfPos { reg: u8, target: u16 },
    Halt,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    Halted,
    OffEnd(usize),
    OutOfFuel,
}

pub struct Cpu {
    pub regs: [i32; 4],
    pc: usize,
}

impl Cpu {
    pub fn new() -> Self {
        Cpu {
            regs: [0; 4],
            pc: 0,
        }
    }

    pub fn run(&mut self, code: &[Op], mut fuel: u32) -> Stop {
        while let Some(op) = code.get(self.pc) {
            if fuel == 0 {
                return Stop::OutOfFuel;
            }
            fuel -= 1;
            self.pc += 1;
            match *op {
                Op::Load { reg, value } => self.regs[reg as usize] = value,
                Op::Add { to, from } => self.regs[to as usize] += self.regs[from as usize],
                Op::JumpIfPos { reg, target } if self.regs[usize::from(reg)] > 0 => {
                    self.pc = usize::from(target);
                }
                Op::JumpIfPos { .. } => {}
                Op::Halt => return Stop::Halted,
            }
        }
        Stop::OffEnd(self.pc)
    }
}

impl Default for Cpu {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn countdown() -> Vec<Op> {
        vec![
            Op::Load { reg: 0, value: 3 },
            Op::Load { reg: 1, value: -1 },
            Op::Add { to: 2, from: 0 },
            Op::Add { to: 0, from: 1 },
            Op::JumpIfPos { reg: 0, target: 2 },
            Op::Halt,
        ]
    }

    #[test]
    fn sums_down() {
        let mut cpu = Cpu::new();
        assert_eq!(cpu.run(&countdown(), 100), Stop::Halted);
        assert_eq!(cpu.regs, [0, -1, 6, 0]);
    }

    #[test]
    fn other_stops() {
        let mut cpu = Cpu::default();
        assert_eq!(cpu.run(&countdown(), 4), Stop::OutOfFuel);
        assert_eq!(cpu.regs, [2, -1, 3, 0]);
        let code = [Op::Load { reg: 3, value: 8 }];
        assert_eq!(Cpu::new().run(&code, 9), Stop::OffEnd(1));
    }
}
