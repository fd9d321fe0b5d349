//! QR codes (ISO/IEC 18004), as a picture for a page and as text for a terminal.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules that must stand around a code.
const QUIET: usize = 4;

/// A square of dark and light modules, with the quiet zone around them.
#[derive(Debug, Clone)]
pub struct Qr {
    side: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// `None` for a text that is too long for any code (2,331 bytes).
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let (inner, modules) = (code.width(), code.to_colors());
        let side = inner + 2 * QUIET;
        let mut dark = vec![false; side * side];
        for (number, module) in modules.into_iter().enumerate() {
            let (row, column) = (number / inner + QUIET, number % inner + QUIET);
            dark[row * side + column] = module == Color::Dark;
        }
        Some(Self { side, dark })
    }

    /// A picture in black on white, whatever it stands on: many apps read no others.
    pub fn svg(&self) -> String {
        let side = self.side;
        let mut dark = Vec::new();
        for (y, row) in self.dark.chunks(side).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, next| one == next) {
                if run[0] {
                    dark.push(format!("M{x} {y}h{width}v1h-{width}z", width = run.len()));
                }
                x += run.len();
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
             <path d=\"{}\"/></svg>",
            dark.concat()
        )
    }

    /// Lines for a terminal, of two rows of modules each. They bring their colours along, since a
    /// code in the colours of a dark terminal would be inside out.
    pub fn half_blocks(&self) -> String {
        let rows: Vec<&[bool]> = self.dark.chunks(self.side).collect();
        let line = |pair: &[&[bool]]| {
            let below = |column: usize| pair.get(1).is_some_and(|row| row[column]);
            let pairs = (0..self.side).map(|column| (pair[0][column], below(column)));
            let blocks = pairs.map(|pair| match pair {
                (false, false) => ' ',
                (true, false) => '▀',
                (false, true) => '▄',
                (true, true) => '█',
            });
            format!("\u{1b}[38;5;16;48;5;231m{}\u{1b}[0m", blocks.collect::<String>())
        };
        rows.chunks(2).map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "https://music.example/keys#user=Guido%20d%27Arezzo&key=hxk_0123456789abcdef";

    /// What an app reads that looks at `side` × `side` modules, each of 3 × 3 pixels.
    fn read(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
        let pixel = |x: usize, y: usize| if is_dark(x / 3, y / 3) { 0 } else { 255 };
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(side * 3, side * 3, pixel);
        let [code] = &seen.detect_grids()[..] else { panic!("not one code") };
        code.decode().unwrap().1
    }

    #[test]
    fn apps_read_the_picture() {
        let qr = Qr::of(TEXT).unwrap();
        let svg = qr.svg();
        let side: usize =
            svg.split(['"', ' ']).find_map(|part| part.parse().ok().filter(|n| *n > 0)).unwrap();
        let (_, dark) = svg.rsplit_once("d=\"").unwrap();
        let runs: Vec<(usize, usize, usize)> = dark
            .split('M')
            .skip(1)
            .map(|run| {
                let mut numbers =
                    run.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse().unwrap());
                (numbers.next().unwrap(), numbers.next().unwrap(), numbers.next().unwrap())
            })
            .collect();
        let dark = |x, y| {
            runs.iter().any(|(from, row, width)| *row == y && (*from..from + width).contains(&x))
        };
        assert_eq!(read(side, dark), TEXT);
    }

    #[test]
    fn apps_read_the_terminal() {
        let text = Qr::of(TEXT).unwrap().half_blocks();
        let rows: Vec<Vec<char>> = text
            .lines()
            .map(|line| {
                line.split('m').nth(1).unwrap().trim_end_matches("\u{1b}[0").chars().collect()
            })
            .collect();
        let side = rows[0].len();
        let dark = |x: usize, y: usize| match rows[y / 2][x] {
            '█' => true,
            '▀' => y.is_multiple_of(2),
            '▄' => !y.is_multiple_of(2),
            _ => false,
        };
        assert_eq!(read(side, dark), TEXT);
    }

    #[test]
    fn what_is_too_long_has_no_code() {
        assert!(Qr::of(&"x".repeat(2331)).is_some());
        assert!(Qr::of(&"x".repeat(2332)).is_none());
    }
}
