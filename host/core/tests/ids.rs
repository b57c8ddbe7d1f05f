//! Ids of records: as JSON, as text, and in both engines.

use afpi_core::id::{FormateurId, SalleId};
use afpi_db::{sql, testing};

#[test]
fn an_id_reads_and_writes_as_a_uuid() {
    let id = SalleId::generate();
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(json, format!("\"{}\"", id.uuid()));
    assert_eq!(serde_json::from_str::<SalleId>(&json).unwrap(), id);
    assert_eq!(id.to_string().parse::<SalleId>().unwrap(), id);
    assert_eq!(format!("{id:?}"), format!("{:?}", id.uuid()));
    assert!("12".parse::<SalleId>().is_err());
    assert!(SalleId::generate() > id, "new ids sort behind older ones");
}

#[tokio::test]
async fn an_id_is_stored_as_a_uuid() {
    testing::on_both(|db| async move {
        let id = FormateurId::generate();
        let mut conn = db.read().await.unwrap();
        let back = sql("SELECT ?, ?").bind(id).bind(None::<FormateurId>);
        let (back, none) = back.one::<(FormateurId, Option<FormateurId>)>(&mut conn).await.unwrap();
        assert_eq!((back, none), (id, None));
    })
    .await;
}
