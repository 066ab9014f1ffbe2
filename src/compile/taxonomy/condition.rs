//! Combinations in words: the shortest condition that tells some of them from others.

use std::cmp::Reverse;

use super::{ATTRIBUTES, Attributes, Each};

/// Every combination of some codes of each attribute: those that say `true`.
type Block = Each<Vec<bool>>;

/// An expression that holds of the combinations that are wanted and of no other among those that are looked at. Where
/// all are wanted it is `true`, and where none is it is `false`.
///
/// It names the codes that it means and none that it does not mean, so that it holds of no unknown code.
pub fn condition(attributes: &Attributes, wanted: &[bool], among: &[bool]) -> String {
    let forbidden: Vec<bool> = wanted.iter().zip(among).map(|(wanted, among)| *among && !*wanted).collect();
    let mut left = wanted.to_vec();
    let mut blocks: Vec<Block> = Vec::new();
    while let Some(start) = left.iter().position(|left| *left) {
        let around = |order| narrowed(attributes, widened(attributes, start, order, &forbidden), &left);
        let gain = |block: &Block| attributes.combinations_of(block).iter().filter(|at| left[**at]).count();
        let words = |block: &Block| -> usize { named(block).map(|(_, codes)| 1 + count(codes)).sum() };
        // The first of equals, so that the same taxonomy is always put in the same words.
        let Some(best) = orders().map(around).min_by_key(|block| (Reverse(gain(block)), words(block))) else {
            break;
        };
        for at in attributes.combinations_of(&best) {
            left[at] = false;
        }
        blocks.push(best);
    }
    if blocks.is_empty() {
        return "false".to_owned();
    }
    let alternatives: Vec<String> = blocks.iter().map(|block| in_words(attributes, block)).collect();
    match &alternatives[..] {
        [only] => only.clone(),
        several => {
            let grouped = several
                .iter()
                .map(|words| if words.contains(" and ") { format!("({words})") } else { words.clone() });
            grouped.collect::<Vec<_>>().join(" or ")
        }
    }
}

/// The largest block around a combination that holds nothing forbidden, if the attributes are widened in this order.
fn widened(attributes: &Attributes, start: usize, order: Each<usize>, forbidden: &[bool]) -> Block {
    let places = attributes.places(start);
    let mut block: Block = std::array::from_fn(|attribute| {
        (0..attributes.codes[attribute].len()).map(|place| place == places[attribute]).collect()
    });
    for attribute in order {
        for place in 0..block[attribute].len() {
            let mut slice = block.clone();
            slice[attribute] = (0..block[attribute].len()).map(|other| other == place).collect();
            block[attribute][place] |= attributes.combinations_of(&slice).iter().all(|at| !forbidden[*at]);
        }
    }
    block
}

/// The block without the codes of a named attribute that add nothing that is wanted.
fn narrowed(attributes: &Attributes, mut block: Block, wanted: &[bool]) -> Block {
    for attribute in 0..ATTRIBUTES.len() {
        if !block[attribute].contains(&false) {
            continue;
        }
        let mut useful = vec![false; block[attribute].len()];
        for at in attributes.combinations_of(&block).into_iter().filter(|at| wanted[*at]) {
            useful[attributes.places(at)[attribute]] = true;
        }
        block[attribute] = useful;
    }
    block
}

/// The attributes of which a block has not all codes.
fn named(block: &Block) -> impl Iterator<Item = (usize, &Vec<bool>)> {
    block.iter().enumerate().filter(|(_, codes)| codes.contains(&false))
}

fn count(codes: &[bool]) -> usize {
    codes.iter().filter(|code| **code).count()
}

/// `duty = 'paid' and origin in ('import_declared', 'import_misdeclared')`.
fn in_words(attributes: &Attributes, block: &Block) -> String {
    let parts: Vec<String> = named(block)
        .map(|(attribute, chosen)| {
            let names = attributes.codes[attribute].iter().zip(chosen).filter(|(_, chosen)| **chosen);
            let names: Vec<String> =
                names.map(|(code, _)| format!("'{}'", code.replace('\'', "''"))).collect();
            match &names[..] {
                [name] => format!("{} = {name}", ATTRIBUTES[attribute]),
                names => format!("{} in ({})", ATTRIBUTES[attribute], names.join(", ")),
            }
        })
        .collect();
    if parts.is_empty() { "true".to_owned() } else { parts.join(" and ") }
}

/// All orders of the attributes.
fn orders() -> impl Iterator<Item = Each<usize>> {
    let digits = |number: usize| [number / 64 % 4, number / 16 % 4, number / 4 % 4, number % 4];
    (0..256).map(digits).filter(|order| (0..ATTRIBUTES.len()).all(|attribute| order.contains(&attribute)))
}
