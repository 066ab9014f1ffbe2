//! From columns to a tree: the rows sorted by stratum and unit of all stages, and where each begins.

use super::{Design, Drawn, Fault, FaultKind, Level, Stage, Stratum};

/// Sorts the rows and finds the strata and units of all stages.
pub(super) fn build(rows: usize, stages: &[Stage<'_>]) -> Result<Design, Fault> {
    let alone = [Stage { strata: None, units: None, drawn: Drawn::WithReplacement }];
    let stages = if stages.is_empty() { &alone } else { stages };
    check_lengths(rows, stages)?;
    let order = sort(rows, stages);
    let whole = u32::try_from(rows).expect("rows are checked to be fewer than 2^32");
    let mut levels: Vec<Level> = Vec::with_capacity(stages.len());
    let mut above = vec![0, whole];
    for (number, stage) in stages.iter().enumerate() {
        let level = level(number, stage, &order, &above)?;
        above.clone_from(&level.starts);
        levels.push(level);
    }
    fill_fractions(&mut levels);
    Ok(Design { order, levels })
}

fn check_lengths(rows: usize, stages: &[Stage<'_>]) -> Result<(), Fault> {
    for (number, stage) in stages.iter().enumerate() {
        let fault = |kind| Err(Fault { stage: number, row: 0, kind });
        if stage.units.is_none() && number + 1 < stages.len() {
            return fault(FaultKind::RowsInTheMiddle);
        }
        let numbers = match stage.drawn {
            Drawn::WithReplacement => None,
            Drawn::From(numbers) | Drawn::WithChance(numbers) => Some(numbers.len()),
        };
        let lengths = [stage.strata.map(<[u32]>::len), stage.units.map(<[u32]>::len), numbers];
        if let Some(length) = lengths.into_iter().flatten().find(|length| *length != rows) {
            return fault(FaultKind::Rows(length, rows));
        }
    }
    let most = u32::MAX as usize;
    if rows == 0 || rows > most {
        return Err(Fault { stage: 0, row: 0, kind: FaultKind::Rows(rows, rows.clamp(1, most)) });
    }
    Ok(())
}

/// Places of the rows by strata and units, the first stage's stratum weighing most; rows of one unit keep their order.
fn sort(rows: usize, stages: &[Stage<'_>]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows).map(|row| row as u32).collect();
    let mut spare = vec![0; rows];
    for key in stages.iter().rev().flat_map(|stage| [stage.units, stage.strata]).flatten() {
        sort_by(key, &mut order, &mut spare);
    }
    order
}

/// A stable sort by counting, sixteen bits at a time, so that numbers far beyond the rows cost no memory.
fn sort_by(key: &[u32], order: &mut Vec<u32>, spare: &mut Vec<u32>) {
    let largest = key.iter().copied().max().unwrap_or(0);
    if order.windows(2).all(|pair| key[pair[0] as usize] <= key[pair[1] as usize]) {
        return;
    }
    for shift in [0, 16] {
        let digit = |row: u32| (key[row as usize] >> shift & 0xFFFF) as usize;
        let digits = (largest >> shift).min(0xFFFF) as usize + 1;
        let mut places = vec![0_usize; digits + 1];
        for row in order.iter() {
            places[digit(*row) + 1] += 1;
        }
        for i in 0..digits {
            places[i + 1] += places[i];
        }
        for row in order.iter() {
            let place = &mut places[digit(*row)];
            spare[*place] = *row;
            *place += 1;
        }
        std::mem::swap(order, spare);
        if largest <= 0xFFFF {
            break;
        }
    }
}

/// The strata and units of a stage within the units of the stage above, which begin at `above`.
fn level(number: usize, stage: &Stage<'_>, order: &[u32], above: &[u32]) -> Result<Level, Fault> {
    let mut level = Level { strata: Vec::new(), starts: Vec::new(), chances: Vec::new() };
    let differs = |key: Option<&[u32]>, row: usize, last: usize| key.is_some_and(|key| key[row] != key[last]);
    for (parent, span) in above.windows(2).enumerate() {
        let mut last = None;
        for place in span[0]..span[1] {
            let row = order[place as usize] as usize;
            let opens = last.is_none_or(|last| differs(stage.strata, row, last));
            if opens {
                let size = match stage.drawn {
                    Drawn::From(sizes) if !sizes[row].is_nan() => sizes[row],
                    _ => f64::INFINITY,
                };
                let first = level.starts.len() as u32;
                level.strata.push(Stratum { parent: parent as u32, first, count: 0, size, above: 0.0 });
            }
            let begins =
                opens || stage.units.is_none() || last.is_some_and(|last| differs(stage.units, row, last));
            check_row(number, stage, row, if opens { None } else { last }, begins)?;
            if begins {
                level.starts.push(place);
                if let Drawn::WithChance(chances) = stage.drawn {
                    level.chances.push(chances[row]);
                }
                level.strata.last_mut().expect("a stratum opens with the first row").count += 1;
            }
            last = Some(row);
        }
    }
    level.starts.push(order.len() as u32);
    for stratum in &level.strata {
        if stratum.size.is_nan() || stratum.size < f64::from(stratum.count) {
            let row = order[level.starts[stratum.first as usize] as usize] as usize;
            let kind = FaultKind::SizeTooSmall(stratum.size, stratum.count);
            return Err(Fault { stage: number, row, kind });
        }
    }
    Ok(level)
}

/// Rows of a stratum agree on its size, and rows of a unit on its chance.
fn check_row(
    stage_number: usize,
    stage: &Stage<'_>,
    row: usize,
    last: Option<usize>,
    begins: bool,
) -> Result<(), Fault> {
    let fault = |kind| Err(Fault { stage: stage_number, row, kind });
    match (stage.drawn, last) {
        (Drawn::From(sizes), Some(last)) => {
            let (size, known) = (sizes[row], sizes[last]);
            if size != known && !(size.is_nan() && known.is_nan()) {
                return fault(FaultKind::SizesDiffer(known, size));
            }
        }
        (Drawn::WithChance(chances), last) => {
            let chance = chances[row];
            let differs = !begins && last.is_some_and(|last| chances[last] != chance);
            if differs || !(chance > 0.0 && chance <= 1.0) {
                return fault(FaultKind::Chance(chance));
            }
        }
        _ => {}
    }
    Ok(())
}

/// Multiplies the fractions from the first stage down.
pub(super) fn fill_fractions(levels: &mut [Level]) {
    let mut of_unit = vec![1.0];
    for level in levels {
        let mut next = vec![0.0; level.starts.len() - 1];
        for at in 0..level.strata.len() {
            let stratum = &mut level.strata[at];
            stratum.above = of_unit[stratum.parent as usize];
            let stratum = *stratum;
            for unit in stratum.units() {
                next[unit] = stratum.above * level.fraction(&stratum, unit);
            }
        }
        of_unit = next;
    }
}
