//! Letters with and without marks, and other scripts than Latin.

use crate::{
    house::House,
    music::{titled, told, track},
};

#[tokio::test]
async fn marks_are_typed_or_not() {
    let catalog = [
        titled(1, "Jóga Björk"),
        titled(2, "Motorhead"),
        titled(3, "Straße nach Łódź"),
        titled(4, "Sigur Rós Ágætis byrjun"),
        titled(5, "Œuvre Þú"),
    ];
    let house = House::new(catalog).await;
    for (query, found) in [
        ("bjork", 1),
        ("björk", 1),
        ("BJÖRK JOGA", 1),
        ("Motörhead", 2),
        ("strasse", 3),
        ("STRAẞE", 3),
        ("lodz", 3),
        ("agaetis", 4),
        ("ros", 4),
        ("oeuvre thu", 5),
        ("ｂｊｏｒｋ", 1),
    ] {
        assert_eq!(house.tracks(query).await, [found], "{query}");
    }
}

#[tokio::test]
async fn mistakes_in_cyrillic_and_greek() {
    let catalog =
        [titled(1, "Группа крови"), titled(2, "Ёлка и Чайковский"), titled(3, "Οδυσσέας Ελύτης")];
    let house = House::new(catalog).await;
    for (query, found) in [
        ("группа", 1),
        ("грпупа", 1),
        ("крови", 1),
        ("крвои", 1),
        ("елка", 2),
        ("чайковскии", 2),
        ("чаиковский", 2),
        ("οδυσσεας", 3),
        ("ΟΔΥΣΣΕΑΣ", 3),
        ("οδυσεας", 3),
        ("ελυ", 3),
    ] {
        assert_eq!(house.tracks(query).await, [found], "{query}");
    }
}

#[tokio::test]
async fn parts_of_text_that_is_written_without_spaces() {
    let catalog = [
        told(track(1, "東京タワー", "椎名林檎", "")),
        titled(2, "東京"),
        titled(3, "京都の東"),
        titled(4, "月亮代表我的心"),
        titled(5, "비틀즈 노래"),
        titled(6, "AKB48劇場版"),
    ];
    let house = House::new(catalog).await;
    for (query, found) in [
        ("東京", vec![2, 1]),
        ("東京タ", vec![1]),
        ("たわー", vec![1]),
        ("ﾀﾜｰ", vec![1]),
        ("林檎 東京", vec![1]),
        ("京都", vec![3]),
        ("代表", vec![4]),
        ("我的心", vec![4]),
        ("틀즈", vec![5]),
        ("비틀즈", vec![5]),
        ("노", vec![5]),
        ("劇場", vec![6]),
        ("akb48", vec![6]),
        ("東都", vec![]),
    ] {
        assert_eq!(house.tracks(query).await, found, "{query}");
    }
    assert_eq!(house.tracks("京").await, [3, 2, 1]);
}

#[tokio::test]
async fn right_to_left_and_mixed() {
    let catalog = [
        titled(1, "أنت عمري"),
        titled(2, "יְרוּשָׁלַיִם שֶׁל זָהָב"),
        titled(3, "ไอ้หนุ่มผมยาว"),
        told(track(4, "Desert Rose", "Sting شاب مامي", "")),
        titled(5, "दिल से"),
    ];
    let house = House::new(catalog).await;
    for (query, found) in [
        ("انت عمري", 1),
        ("أنت", 1),
        ("عـــمري", 1),
        ("\u{202b}عمري\u{202c}", 1),
        ("ירושלים", 2),
        ("ירושליים", 2),
        ("זָהָב", 2),
        ("ไอ้หนุ่ม", 3),
        ("desert مامي", 4),
        ("مامي rose sting", 4),
        ("दिल", 5),
    ] {
        assert_eq!(house.tracks(query).await, [found], "{query}");
    }
}
