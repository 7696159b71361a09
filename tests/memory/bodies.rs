//! Bodies that are small, and large once they are read.

/// A body that repeats a text between a head and a tail.
#[derive(Clone, Copy, Debug)]
pub struct Hostile {
    head: &'static str,
    unit: &'static str,
    tail: &'static str,
}

const fn hostile(head: &'static str, unit: &'static str, tail: &'static str) -> Hostile {
    Hostile { head, unit, tail }
}

pub const BODIES: [Hostile; 14] = [
    hostile("[", r#"{"":0},"#, "0]"),
    hostile(r#"{"error":{"code":1,"message":"x","metadata":["#, r#"{"":0},"#, "0]}}"),
    hostile(r#"{"error":{"code":1,"message":"x","metadata":["#, "0,", "0]}}"),
    hostile(r#"{"data":{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","disabled_server_tools":["#, r#""","#, r#"""]}}"#),
    // As many values as are read at all.
    hostile(r#"{"data":{"disabled_server_tools":["#, r#""openrouter","#, r#"""]}}"#),
    hostile(r#"{"data":{"io_logging_api_key_ids":["#, "1,           ", "1]}}"),
    hostile(r#"{"data":{"io_logging_api_key_ids":["#, "1,", "1]}}"),
    hostile(r#"{"data":{"unknown":["#, "{},", "0]}}"),
    hostile("", "[", "]"),
    hostile("", r#"{"a":"#, "1"),
    hostile(r#"{"data":{"name":""#, r#"\n\u0041\"x"#, r#""}}"#),
    hostile(r#"{"error":{"code":1,"message":""#, r"\u0001", r#""}}"#),
    hostile("", r"\", ""),
    hostile(r#"{"data":[],"total_count":1,"x":""#, r"\\", r#""}"#),
];

impl Hostile {
    /// The body, of about so many bytes.
    pub fn bytes(&self, size: usize) -> Vec<u8> {
        let times = size.saturating_sub(self.head.len() + self.tail.len()) / self.unit.len();
        [self.head, &self.unit.repeat(times), self.tail].concat().into_bytes()
    }
}

/// Compresses what consists of a head, a text again and again, and a tail: as gzip with the fixed codes of RFC 1951.
#[cfg(feature = "gzip")]
pub fn gzip(hostile: &Hostile, size: usize) -> Vec<u8> {
    let plain = hostile.bytes(size);
    let mut bits = Bits { bytes: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff], free: 0 };
    // The last block, with fixed codes.
    bits.number(0b011, 3);
    let mut at = 0;
    let (period, from) = (hostile.unit.len(), hostile.head.len() + hostile.unit.len());
    let until = plain.len() - hostile.tail.len();
    while at < plain.len() {
        if at >= from && at + 258 <= until {
            // 258 bytes as they were one period before.
            bits.code(0b1100_0101, 8);
            bits.distance(period as u32);
            at += 258;
        } else {
            bits.code(0b0011_0000 + u32::from(plain[at]), 8);
            at += 1;
        }
    }
    bits.code(0, 7);
    let mut compressed = bits.bytes;
    compressed.extend(crc32(&plain).to_le_bytes());
    compressed.extend((plain.len() as u32).to_le_bytes());
    compressed
}

#[cfg(feature = "gzip")]
struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are free.
    free: u32,
}

#[cfg(feature = "gzip")]
impl Bits {
    fn bit(&mut self, bit: u32) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= (bit as u8 & 1) << (8 - self.free);
        }
        self.free -= 1;
    }

    /// A number, its lowest bit first.
    fn number(&mut self, number: u32, bits: u32) {
        (0..bits).for_each(|n| self.bit(number >> n));
    }

    /// A code, its highest bit first.
    fn code(&mut self, code: u32, bits: u32) {
        (0..bits).rev().for_each(|n| self.bit(code >> n));
    }

    fn distance(&mut self, distance: u32) {
        let back = distance - 1;
        if back < 4 {
            return self.code(back, 5);
        }
        let extra = back.ilog2() - 1;
        self.code(2 * extra + 2 + (back >> extra & 1), 5);
        self.number(back & ((1 << extra) - 1), extra);
    }
}

#[cfg(feature = "gzip")]
fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256)
        .map(|n| (0..8).fold(n, |crc: u32, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }))
        .collect();
    !bytes.iter().fold(!0, |crc, byte| table[((crc ^ u32::from(*byte)) & 0xff) as usize] ^ (crc >> 8))
}
