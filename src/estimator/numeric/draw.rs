//! Numbered draws: the draw `i` of a stream depends on the seed, the stream's name and `i` alone.
//!
//! Neither the number of threads nor the order of evaluation nor what else is drawn can change it.
//!
//! # References
//! J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011), Parallel Random Numbers: As Easy as 1, 2, 3, Proceedings of
//! SC11, doi:10.1145/2063384.2063405 (Philox4x32-10).
//! G. Fowler, L. C. Noll, K.-P. Vo, the FNV-1a hash, 64 bits (which names a stream).

/// An endless sequence of uniform numbers with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: [u32; 2],
    name: u64,
}

impl Stream {
    /// The stream of this seed and name, such as `recorded_per_adult|AR|2016/2018`.
    pub fn new(seed: u64, name: &str) -> Self {
        Self { key: halves(seed), name: fnv_1a(name.as_bytes()) }
    }

    /// The draw `index`: an odd multiple of 2^-53, so never 0 or 1 and as likely below one half as above.
    pub fn uniform(self, index: u64) -> f64 {
        let [index_low, index_high] = halves(index);
        let [name_low, name_high] = halves(self.name);
        let block = philox([index_low, index_high, name_low, name_high], self.key);
        let bits = u64::from(block[1]) << 32 | u64::from(block[0]);
        ((bits >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
    }
}

impl Stream {
    /// The draw `index`, evenly spread: of each [`BLOCK`] draws one falls into each of as many equal parts of 0 to 1.
    ///
    /// By itself a draw is uniform; those of one block are a Latin hypercube with the other streams', so that a result
    /// to which inputs add up needs far fewer of them. Blocks are independent of each other.
    pub fn spread(self, index: u64) -> f64 {
        let (block, place) = (index / BLOCK, index % BLOCK);
        let [block_low, block_high] = halves(block);
        let [name_low, name_high] = halves(self.name);
        let order = philox([block_low, block_high, name_low, !name_high], self.key);
        let spread = (shuffled(place, order) as f64 + self.uniform(index)) * (1.0 / BLOCK as f64);
        // The sum rounds up to a whole block about once in 2^54 draws.
        spread.min(1.0 - f64::EPSILON / 2.0)
    }

    /// The draw `index` of a standard normal law, evenly spread as in [`Self::spread`].
    pub fn normal(self, index: u64) -> f64 {
        super::normal::quantile(self.spread(index))
    }
}

/// How many draws are spread together.
pub const BLOCK: u64 = 1 << 12;

/// Where a place of a block goes in the order that a key makes: a Feistel network, so that no two go to one place.
fn shuffled(place: u64, order: [u32; 4]) -> u64 {
    let (mut left, mut right) = ((place >> 6) as u32, (place & 63) as u32);
    for round in 0..8_u32 {
        let key = order[(round % 4) as usize].rotate_left(7 * round);
        let mixed = (right ^ key).wrapping_mul(0x9E37_79B1);
        let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77);
        (left, right) = (right, left ^ (mixed >> 26));
    }
    u64::from(left << 6 | right)
}

/// Low and high half.
fn halves(word: u64) -> [u32; 2] {
    [(word & 0xFFFF_FFFF) as u32, (word >> 32) as u32]
}

/// Philox4x32 with ten rounds.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [low_0, high_0] = halves(0xD251_1F53 * u64::from(counter[0]));
        let [low_1, high_1] = halves(0xCD9E_8D57 * u64::from(counter[2]));
        counter = [high_1 ^ counter[1] ^ key[0], low_1, high_0 ^ counter[3] ^ key[1], low_0];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

/// The 64-bit FNV-1a hash.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the authors' Random123 distribution, file `kat_vectors`.
    #[test]
    fn philox_known_answers() {
        let all = u32::MAX;
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([all; 4], [all; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn fnv_known_answers() {
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn uniform_numbers_stay_inside_and_spread_evenly() {
        let stream = Stream::new(7, "recorded_per_adult|AR|2016/2018");
        let mut counts = [0_u32; 16];
        let draws = 160_000_u64;
        for index in 0..draws {
            let u = stream.uniform(index);
            assert!(u > 0.0 && u < 1.0);
            counts[(u * 16.0) as usize] += 1;
        }
        // 10,000 in each sixteenth, within 5 standard deviations.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 485), "{counts:?}");
        assert_ne!(
            stream.uniform(0).to_bits(),
            Stream::new(8, "recorded_per_adult|AR|2016/2018").uniform(0).to_bits()
        );
        assert_ne!(
            stream.uniform(0).to_bits(),
            Stream::new(7, "recorded_per_adult|AR|2017/2019").uniform(0).to_bits()
        );
    }

    #[test]
    fn each_block_is_evenly_spread_in_an_order_of_its_own() {
        let streams = ["a", "b"].map(|name| Stream::new(3, name));
        let place = |stream: Stream, index| (stream.spread(index) * BLOCK as f64) as usize;
        let mut orders = Vec::new();
        for stream in streams {
            for block in 0..2 {
                let order: Vec<usize> = (0..BLOCK).map(|i| place(stream, block * BLOCK + i)).collect();
                let mut sorted = order.clone();
                sorted.sort_unstable();
                assert!(sorted.iter().copied().eq(0..BLOCK as usize));
                orders.push(order);
            }
        }
        // Two orders by chance agree in one place on average, and their ranks correlate by no more than 4 / sqrt(4096).
        for (i, one) in orders.iter().enumerate() {
            for other in orders[..i].iter().chain([&(0..BLOCK as usize).collect::<Vec<_>>()]) {
                let pairs = || one.iter().zip(other).map(|(a, b)| (*a as f64, *b as f64));
                assert!(pairs().filter(|(a, b)| a == b).count() < 8);
                let middle = (BLOCK - 1) as f64 / 2.0;
                let covariance: f64 = pairs().map(|(a, b)| (a - middle) * (b - middle)).sum();
                let variance = (BLOCK * (BLOCK * BLOCK - 1)) as f64 / 12.0;
                assert!((covariance / variance).abs() < 0.0625, "{}", covariance / variance);
            }
        }
    }

    #[test]
    fn the_mean_of_a_block_is_nearly_exact() {
        let stream = Stream::new(5, "coverage");
        let mean =
            |draw: fn(Stream, u64) -> f64| (0..BLOCK).map(|i| draw(stream, i)).sum::<f64>() / BLOCK as f64;
        // Independent draws are off by 1 / sqrt(12 * 4096) = 0.0045, evenly spread ones by 1 / (sqrt(12) * 4096^1.5) = 1.1e-6.
        assert!((mean(Stream::spread) - 0.5).abs() < 5e-6);
        assert!(mean(Stream::normal).abs() < 1e-3);
    }

    #[test]
    fn the_largest_uniform_number_is_below_one() {
        assert!(((u64::MAX >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64) < 1.0);
    }
}
