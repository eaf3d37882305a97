#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Poison { damage: u16 },
    Regrow(u16),
    Shield { absorbs: u16 },
}

#[derive(Debug, Clone)]
pub struct Timed {
    pub effect: Effect,
    pub turns: u8,
}

#[derive(Debug, Clone)]
pub struct Hero {
    pub hp: u16,
    pub max_hp: u16,
    pub effects: Vec<Timed>,
}

impl Hero {
    pub fn end_turn(&mut self) {
        let effects = std::mem::take(&mut self.effects);
        for mut timed in effects {
            match &timed.effect {
                Effect::Poison { damage } => self.hp = self.hp.saturating_sub(*damage),
                Effect::Regrow(n) => self.hp = (self.hp + n).min(self.max_hp),
                Effect::Shield { .. } => {}
            }
            timed.turns -= 1;
            if timed.turns > 0 {
                self.effects.push(timed);
            }
        }
    }

    pub fn hit(&mut self, mut damage: u16) {
        for timed in &mut self.effects {
            if let Effect::Shield { absorbs } = &mut timed.effect {
                let stopped = damage.min(*absorbs);
                *absorbs -= stopped;
                damage -= stopped;
            }
        }
        self.effects
            .retain(|t| t.effect != Effect::Shield { absorbs: 0 });
        self.hp = self.hp.saturating_sub(damage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hero(hp: u16, effects: &[(Effect, u8)]) -> Hero {
        let effects = effects
            .iter()
            .map(|(e, turns)| Timed {
                effect: e.clone(),
                turns: *turns,
            })
            .collect();
        Hero {
            hp,
            max_hp: 20,
            effects,
        }
    }

    #[test]
    fn effects_run_out() {
        let mut h = hero(
            15,
            &[(Effect::Poison { damage: 4 }, 2), (Effect::Regrow(1), 3)],
        );
        h.end_turn();
        assert_eq!((h.hp, h.effects.len()), (12, 2));
        h.end_turn();
        assert_eq!((h.hp, h.effects.len()), (9, 1));
        h.end_turn();
        assert_eq!((h.hp, h.effects.len()), (10, 0));
    }

    #[test]
    fn shields_break() {
        let mut h = hero(10, &[(Effect::Shield { absorbs: 5 }, 9)]);
        h.hit(3);
        assert_eq!(h.hp, 10);
        h.hit(6);
        assert_eq!((h.hp, h.effects.len()), (6, 0));
        h.hit(60);
        assert_eq!(h.hp, 0);
        let mut full = hero(19, &[(Effect::Regrow(5), 1)]);
        full.end_turn();
        assert_eq!(full.hp, 20);
    }
}
