//! What is found for what is typed, and in which order.

use hexachord_contracts::search::Find;

use crate::{
    house::House,
    music::{HOME, album, artist, playlist, titled, told, track},
};

#[tokio::test]
async fn tiers_are_strict() {
    let catalog = [
        told(track(1, "Wand", "Nobody", "Nothing")), // one typo of `want`
        told(track(2, "Wanted Forever", "", "")),    // begins with it
        told(track(3, "Forever Wanting", "", "")),   // a word begins with it
        told(track(4, "Some Other Song", "Want", "")), // the word is in the artist
        told(track(5, "All I Ever Want", "", "")),   // the word is in the title
        told(track(6, "Want", "", "")),              // the whole title
        told(track(7, "Want You", "", "")),          // the word begins the title
        told(track(8, "Something Else", "Wanton", "")), // a word of the artist begins with it
        told(track(9, "Something Else", "", "Wart Nine")), // a typo elsewhere
    ];
    let house = House::new(catalog).await;
    assert_eq!(house.tracks("want").await, [6, 7, 5, 4, 2, 3, 8, 1, 9]);
    assert_eq!(house.tracks("WANT!").await, [6, 7, 5, 4, 2, 3, 8, 1, 9]);
}

#[tokio::test]
async fn all_words_must_be_somewhere() {
    let catalog = [
        told(track(1, "Yesterday", "The Beatles", "Help!")),
        told(track(2, "Help!", "The Beatles", "Help!")),
        told(track(3, "Help Me", "Joni Mitchell", "Court and Spark")),
        told(track(4, "Yesterday Once More", "Carpenters", "Now & Then")),
    ];
    let house = House::new(catalog).await;
    assert_eq!(house.tracks("beatles help").await, [2, 1]);
    assert_eq!(house.tracks("help beatles").await, [2, 1]);
    assert_eq!(house.tracks("beat yest").await, [1]);
    assert_eq!(house.tracks("yesterday").await, [1, 4]);
    assert_eq!(house.tracks("help joni").await, [3]);
    assert_eq!(house.tracks("beatles carpenters").await, [0; 0]);
}

#[tokio::test]
async fn found_from_the_first_letter() {
    let house =
        House::new([titled(1, "Zebra"), titled(2, "Z"), titled(3, "Ze Big"), titled(4, "X")]);
    let house = house.await;
    assert_eq!(house.tracks("z").await, [2, 3, 1]);
    assert_eq!(house.tracks("ze").await, [3, 1]);
    assert_eq!(house.tracks("ez").await, [0; 0], "two letters allow no mistake");
    assert_eq!(house.tracks("zeb").await, [1, 3], "one letter too many");
}

#[tokio::test]
async fn typing_mistakes() {
    let house = House::new([
        titled(1, "Radiohead"),
        titled(2, "Beatles"),
        titled(3, "Queen"),
        titled(4, "1999"),
        titled(5, "Sgt"),
    ]);
    let house = house.await;
    for (query, found) in [
        ("beatels", 2),    // two letters changed places
        ("beetles", 2),    // another letter
        ("beatls", 2),     // one too few
        ("beattles", 2),   // one too many
        ("beta", 2),       // a begin with a mistake
        ("radoihed", 1),   // two mistakes
        ("radeoheed", 1),  // two mistakes
        ("raadiohaed", 1), // two mistakes
        ("tadiohed", 1),   // two mistakes, one of them in the first letter
        ("baetels", 2),    // two times two letters changed places
        ("quuuen", 3),     // two mistakes in six letters
        ("kueen", 3),      // the first letter
        ("sgd", 5),        // three letters
    ] {
        assert_eq!(house.tracks(query).await, [found], "{query}");
    }
    for query in ["btlse", "kuen", "sgs gt", "1998", "rodeohood", "baetesl x"] {
        assert_eq!(house.tracks(query).await, [0; 0], "{query}");
    }
}

#[tokio::test]
async fn ties_are_broken_by_length_letters_and_id() {
    let catalog = [
        titled(9, "Song Bbb"),
        titled(5, "Song Aaaaa"),
        titled(3, "Song Aaa"),
        titled(1, "Song Aaa"),
        titled(7, "Song Aaaa"),
    ];
    let house = House::new(catalog).await;
    assert_eq!(house.tracks("song").await, [1, 3, 9, 7, 5]);
}

#[tokio::test]
async fn punctuation_is_typed_or_not() {
    let catalog = [
        told(track(1, "Don't Stop Me Now", "Queen", "Jazz")),
        told(track(2, "T.N.T.", "AC/DC", "High Voltage")),
        told(track(3, "L'été indien", "Joe Dassin", "")),
        told(track(4, "Rock 'n' Roll", "R.E.M.", "")),
    ];
    let house = House::new(catalog).await;
    for (query, found) in [
        ("dont stop", 1),
        ("don’t", 1),
        ("don`t", 1),
        ("tnt", 2),
        ("t.n.t", 2),
        ("acdc", 2),
        ("ac dc", 2),
        ("ac/dc", 2),
        ("été", 3),
        ("l'ete", 3),
        ("rem", 4),
        ("rock n roll", 4),
    ] {
        assert_eq!(house.tracks(query).await, [found], "{query}");
    }
}

#[tokio::test]
async fn every_kind_is_found_and_none_starves_another() {
    let mut catalog: Vec<_> = (0..200).map(|n| titled(n, &format!("Blue {n}"))).collect();
    catalog.push(album(1, &[(HOME, "Kind of Blue")], "Miles Davis"));
    catalog.push(artist(2, &[HOME], "The Blue Nile", "Blue Nile, The"));
    catalog.push(artist(3, &[HOME], "宇多田ヒカル", "Utada Hikaru"));
    let house = House::with_playlists(catalog, [playlist(4, 1, true, "Blue Monday Morning")]).await;
    let found = house.find("blue").await;
    assert_eq!(found.tracks.len(), Find::USUAL as usize);
    assert_eq!(found.albums.len(), 1);
    assert_eq!(found.artists.len(), 1);
    assert_eq!(found.playlists.len(), 1);
    assert_eq!(house.find("miles blue").await.albums.len(), 1);
    assert_eq!(house.find("utada").await.artists[0].0, 3);
    let most = house.try_find(hexachord_contracts::Caller::System, "blue", Find::MOST).await;
    assert_eq!(most.unwrap().tracks.len(), Find::MOST as usize);
}
