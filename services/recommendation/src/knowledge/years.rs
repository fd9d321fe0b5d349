//! Years as soft decades: a year belongs to the two decades whose middles it lies between.

/// From the 1900s on.
pub(crate) const DECADES: usize = 21;
const FIRST: i32 = 1900;
const LAST: i32 = FIRST + 10 * 21 - 1;
/// How much the decade counts beside artists and genres, which count by how rare they are.
const WEIGHT: f32 = 0.7;

/// How close tracks of these years are to a taste in decades.
pub(crate) struct Years {
    by_year: Vec<f32>,
}

/// The two decades of a year with their weights.
pub(crate) fn decades(year: i16) -> [(usize, f32); 2] {
    let place = f32::from(year.clamp(1900, 2109) - 1905).max(0.0) / 10.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20")]
    let lower = place as usize;
    let upper_share = place.fract();
    let upper = (lower + 1).min(DECADES - 1);
    [(lower, WEIGHT * (1.0 - upper_share)), (upper, WEIGHT * upper_share)]
}

/// A year that is no year of recorded music says nothing.
pub(crate) fn plausible(year: Option<i32>) -> Option<i16> {
    let year = year.filter(|year| (FIRST..=LAST).contains(year))?;
    i16::try_from(year).ok()
}

impl Years {
    pub(crate) fn of(taste: &[f32; DECADES]) -> Self {
        let closeness = |year| decades(year).iter().map(|(decade, w)| w * taste[*decade]).sum();
        Self { by_year: (1900..=2109).map(closeness).collect() }
    }

    pub(crate) fn closeness(&self, year: i16) -> f32 {
        usize::try_from(year - 1900)
            .ok()
            .and_then(|at| self.by_year.get(at))
            .copied()
            .unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_lies_between_two_middles() {
        for (year, lower, share) in [(1905, 0, 1.0), (1997, 9, 0.8), (1995, 9, 1.0), (2004, 9, 0.1)]
        {
            let [(first, one), (second, other)] = decades(year);
            assert_eq!((first, second), (lower, lower + 1), "{year}");
            assert!((one - WEIGHT * share).abs() < 1e-5, "{year}");
            assert!((one + other - WEIGHT).abs() < 1e-5, "{year}");
        }
        assert_eq!(decades(1900)[0].0, 0);
        assert_eq!(decades(2109).map(|(decade, _)| decade), [20, 20]);
    }

    #[test]
    fn near_years_are_closer_than_far_ones() {
        let mut taste = [0.0; DECADES];
        for (decade, weight) in decades(1994) {
            taste[decade] += weight;
        }
        let years = Years::of(&taste);
        let closeness = [1994, 1998, 2003, 1970].map(|year| years.closeness(year));
        assert!(closeness.is_sorted_by(|one, other| one >= other), "{closeness:?}");
        assert!(closeness[3].abs() < 1e-6);
    }

    #[test]
    fn only_years_of_recorded_music_count() {
        assert_eq!(plausible(Some(1999)), Some(1999));
        for year in [None, Some(0), Some(1899), Some(i32::MAX), Some(i32::MIN)] {
            assert_eq!(plausible(year), None);
        }
    }
}
