//! Who asks whom for what, as a snapshot: a new edge is seen, and argued for, in a review.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::below;

/// A service's contract: its name and the calls in it.
struct Contract {
    service: String,
    calls: Vec<String>,
}

#[test]
fn who_calls_whom() {
    let contracts = contracts();
    let mut edges: BTreeMap<(String, &str), BTreeSet<&str>> = BTreeMap::new();
    for source in below(&["src", "services"]) {
        let caller = caller(&source.path);
        if caller == "contracts" || source.is_test() {
            continue;
        }
        for contract in contracts.iter().filter(|contract| contract.service != caller) {
            let calls = contract.named_in(&source.text);
            if !calls.is_empty() {
                edges.entry((caller.clone(), &contract.service)).or_default().extend(calls);
            }
        }
    }
    let lines = edges.iter().map(|((caller, service), calls)| {
        let calls: Vec<&str> = calls.iter().copied().collect();
        format!("{caller} -> {service}: {}\n", calls.join(" "))
    });
    insta::assert_snapshot!(lines.collect::<String>(), @r"
    appliance/app -> authentication: CreateAccount IssueClaim
    appliance/app -> catalog: ListLibraryDetails StartScan
    appliance/http -> authentication: AccountChange AccountsSnapshot ChangePassword Claim CreateAccount CreateDeviceKey CreateInvite FindAccount FollowAccounts GetAccount GetMe Identify IdentifyDevice ListAccounts ListDeviceKeys ListInvites ListSessions Register RemoveAccount ResetPassword RevokeDeviceKey RevokeInvite RevokeOtherSessions RevokeSession SignIn SignOut UpdateAccount
    appliance/http -> catalog: AddLibrary AddPodcast CancelScan DownloadEpisode FindArtist FindGenre ForgetTracks GetAlbum GetAlbums GetAnalysis GetArtist GetArtists GetChanged GetEpisode GetLyrics GetPaths GetPodcast GetRevision GetScan GetTrack GetTracks GetWaveform ListAlbumLetters ListAlbums ListArtistLetters ListArtists ListDecades ListEdits ListEpisodes ListFolder ListGenres ListLibraries ListLibraryDetails ListMissing ListPodcasts ListServerFolders ListTracks ListUnmeasurable ListUnreadable Locate LocateCover LocateEpisode MatchTracks PickAlbums PickTracks PutEdits RefreshPodcasts RemoveDownload RemoveEdit RemoveLibrary RemovePodcast RenameLibrary StartScan
    appliance/http -> payment: CancelSubscription CreatePlan GetBalances GetEntitlement GetLedger GetSubscription GrantSubscription ListPayments ListPlans ListSubscriptions ReceivePayment RefundPayment SettlePayment Subscribe UpdatePlan UpdateSubscription
    appliance/http -> profile: AddRadioStation AddToPlaylist AwaitListening CreatePlaylist CreateShare EditPlaylist FindShared GetAnnotations GetAvatar GetMarks GetPlayQueue GetPlaylist GetPlaylists GetRadioStation GetStatistics ImportHistory ImportPlaylist ListAnnotated ListBookmarks ListEntries ListFavourites ListMessages ListNowPlaying ListPlaylists ListPlays ListRadioStations ListShares ListTop ListTopOfArtist MoveInPlaylist OpenShare PostMessage RecordPlay RecordPlays RemoveAvatar RemoveBookmark RemoveFromPlaylist RemovePlaylist RemoveRadioStation RemoveShare ReplaceInPlaylist ReportPlayback SavePlayQueue SetAvatar SetBookmark SetFavourite SetFavourites SetRating UpdatePlaylist UpdateRadioStation UpdateShare
    appliance/http -> recommendation: ContinueFrom FindSimilar FindSimilarAlbums FindSimilarArtists FindSonic FindSonicPath GetMix GetMixes Recommend Rediscover
    appliance/http -> search: Find Mark Suggest
    payment -> authentication: AccountChange
    profile -> authentication: AccountChange GetAccount
    profile -> catalog: CatalogChange GetAlbums GetArtists GetTracks
    recommendation -> catalog: CatalogChange
    recommendation -> profile: ProfileChange
    search -> catalog: CatalogChange ListLibraries LyricsTexts
    search -> profile: ProfileChange
    ");
}

/// `services/catalog/src/…` is catalog; in the appliance, the first folder or file below `src`.
fn caller(path: &str) -> String {
    let mut parts = path.split('/');
    match (parts.next(), parts.next()) {
        (Some("services"), Some(service)) => service.to_owned(),
        (_, Some(part)) => format!("appliance/{}", part.trim_end_matches(".rs")),
        _ => path.to_owned(),
    }
}

/// All contracts, as `contract!("name", …, { Call => Reply, … })` declares them.
fn contracts() -> Vec<Contract> {
    let mut contracts = Vec::new();
    for source in below(&["services/contracts/src"]) {
        let Some((_, declared)) = source.text.split_once("\ncontract!(\"") else { continue };
        let (service, rest) = declared.split_once('"').expect("the name ends");
        let (list, _) = rest.split_once("});").expect("the list of calls ends");
        let calls =
            list.lines().filter_map(|line| Some(line.split_once(" => ")?.0.trim().to_owned()));
        // Whoever names the changes of a feed follows it.
        let feed = declared.split_once("\nfeed_of!(").and_then(|(_, feed)| feed.split(", ").nth(1));
        let calls = calls.chain(feed.map(str::to_owned)).collect();
        contracts.push(Contract { service: service.to_owned(), calls });
    }
    assert!(contracts.len() >= 6, "these are not all contracts");
    assert!(contracts.iter().all(|contract| contract.calls.len() > 1), "calls were not found");
    contracts
}

impl Contract {
    /// The calls that a source imports from this contract's module, or names by their path.
    fn named_in(&self, text: &str) -> BTreeSet<&str> {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n");
        let mut found = BTreeSet::new();
        for part in code.split("hexachord_contracts::").skip(1) {
            // An import with braces goes to its semicolon; a bare path ends with its line.
            let end = if part.starts_with('{') { ';' } else { '\n' };
            let words = words(part.split(end).next().unwrap_or_default());
            if words.contains(self.service.as_str()) {
                found.extend(
                    self.calls.iter().map(String::as_str).filter(|call| words.contains(call)),
                );
            }
        }
        found
    }
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect()
}

#[test]
fn calls_of_contracts_are_found() {
    let calls = ["GetTrack", "Locate"].map(str::to_owned).to_vec();
    let catalog = Contract { service: "catalog".to_owned(), calls };
    let named = |text| catalog.named_in(text).into_iter().collect::<Vec<_>>();
    let import = "use hexachord_contracts::{\n    Page,\n    catalog::{GetTrack, Track},\n};\n";
    assert_eq!(named(import), ["GetTrack"]);
    assert_eq!(named("ask(hexachord_contracts::catalog::Locate { track });\n"), ["Locate"]);
    assert!(named("// hexachord_contracts::catalog::Locate\n").is_empty());
    assert!(named("use hexachord_contracts::{catalogue::GetTrack};\n").is_empty());
    assert!(named("use hexachord_contracts::Page;\nuse crate::catalog::Locate;\n").is_empty());
}
