//! The word that was probably meant by one that nobody knows.

/// How many names are listed where none of them is near.
const LISTED: usize = 8;

/// The known word that another one is nearest to, if any is near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = |word: &str| word.to_lowercase().chars().collect::<Vec<_>>();
    let word = letters(word);
    let with_distance = known.into_iter().map(|known| (distance(&word, &letters(known)), known));
    with_distance.filter(|(distance, _)| *distance <= (word.len() / 3).max(1)).min().map(|(_, known)| known)
}

/// What to write instead of a word that is not known: the nearest one, or all where there are few.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(nearest) = nearest(word, known.clone()) {
        return format!("; did you mean `{nearest}`?");
    }
    let known: Vec<_> = known.into_iter().collect();
    if known.is_empty() || known.len() > LISTED { String::new() } else { format!("; known are {}", known.join(", ")) }
}

/// How many letters have to be added, left out, replaced, or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
