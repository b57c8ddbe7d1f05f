//! Messages between processes, with and without Redis.

use std::time::Duration;

use afpi_jobs::Redis;
use afpi_platform::bus::{Bus, BusEvent};
use tokio::time::timeout;
use uuid::Uuid;

/// Tells whether this message arrives in time. Other messages may arrive too, because the channel is shared.
async fn arrives(
    news: &mut tokio::sync::broadcast::Receiver<std::sync::Arc<BusEvent>>,
    wanted: Uuid,
    within: Duration,
) -> bool {
    let wait = async {
        loop {
            if let Ok(event) = news.recv().await
                && matches!(*event, BusEvent::Notified { user } if user == wanted.into())
            {
                return;
            }
        }
    };
    timeout(within, wait).await.is_ok()
}

#[tokio::test]
async fn one_process_hears_itself() {
    let bus = Bus::alone();
    let mut news = bus.subscribe();
    let user = Uuid::now_v7();
    bus.publish(BusEvent::Notified { user: user.into() });
    assert!(arrives(&mut news, user, Duration::from_secs(1)).await);
}

#[tokio::test]
async fn over_redis_every_process_hears_each_once() {
    let Some(url) = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty()) else {
        eprintln!("AFPI_TEST_REDIS_URL is not set: the bus over Redis is not tried");
        return;
    };
    let redis = Redis::single(&url).unwrap();
    let installation = Uuid::new_v4().to_string();
    let node = || Bus::over(redis.clone(), &installation);
    let (one, two) = (node(), node());
    let (mut at_one, mut at_two) = (one.subscribe(), two.subscribe());
    // Subscribing takes a moment, so the test repeats the message until both processes have received it.
    let hello = Uuid::now_v7();
    for _ in 0..50 {
        one.publish(BusEvent::Notified { user: hello.into() });
        if arrives(&mut at_two, hello, Duration::from_millis(200)).await
            && arrives(&mut at_one, hello, Duration::from_millis(200)).await
        {
            break;
        }
    }
    let user = Uuid::now_v7();
    one.publish(BusEvent::Notified { user: user.into() });
    assert!(arrives(&mut at_two, user, Duration::from_secs(5)).await, "the other process");
    assert!(arrives(&mut at_one, user, Duration::from_secs(5)).await, "this process");
    assert!(!arrives(&mut at_one, user, Duration::from_millis(300)).await, "not twice");
}

#[tokio::test]
async fn with_redis_away_a_process_still_hears_itself() {
    // Nothing listens on port 1.
    let bus = Bus::over(Redis::single("redis://127.0.0.1:1").unwrap(), "test");
    let mut news = bus.subscribe();
    let user = Uuid::now_v7();
    bus.publish(BusEvent::Notified { user: user.into() });
    assert!(arrives(&mut news, user, Duration::from_secs(10)).await);
}
