//! Where sessions were served, written behind and read again.

use realms_store::AffinityRecord;
use realms_types::{ChannelId, CredentialId, Timestamp};

use crate::database::Database;

fn record(number: u8, credential: i64, expires: i64, updated: i64) -> AffinityRecord {
    AffinityRecord {
        session_key: [number; 16],
        channel_id: ChannelId::new(7),
        credential_id: CredentialId::new(credential),
        expires_at: Timestamp::from_secs(expires),
        updated_at: Timestamp::from_secs(updated),
    }
}

pub(crate) async fn are_read_as_they_were_written_last(database: &Database) {
    let store = database.open().await.unwrap();
    let at = Timestamp::from_secs;
    store.put_affinities(&[record(1, 1, 100, 10), record(2, 2, 200, 11)]).await.unwrap();
    store.put_affinities(&[record(1, 9, 300, 12)]).await.unwrap();
    let all = store.list_affinities(at(0), at(50), 10).await.unwrap();
    assert_eq!(all, [record(1, 9, 300, 12), record(2, 2, 200, 11)]);
    assert_eq!(store.list_affinities(at(11), at(50), 10).await.unwrap(), [record(1, 9, 300, 12)]);
    assert_eq!(store.list_affinities(at(0), at(50), 1).await.unwrap().len(), 1);
    assert_eq!(store.list_affinities(at(0), at(200), 10).await.unwrap().len(), 1, "one is over");

    assert_eq!(store.purge_affinities(at(200)).await.unwrap(), 1);
    let many: Vec<_> = (0..250).map(|number| record(number, 3, 900, 20)).collect();
    store.put_affinities(&many).await.unwrap();
    assert_eq!(store.list_affinities(at(0), at(50), 1_000).await.unwrap().len(), 250);
}
