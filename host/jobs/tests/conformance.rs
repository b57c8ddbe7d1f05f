//! What every queue backend must do. The tests run on SQL with SQLite, SQL with MariaDB, Redis, and a cluster of Redis.
//! They use the servers that `AFPI_TEST_MARIADB_URL`, `AFPI_TEST_REDIS_URL` and `AFPI_TEST_REDIS_CLUSTER` name.

mod suite;

macro_rules! every_backend {
    ($($file:ident: $($case:ident),+ $(,)?;)+) => {
        every_backend!(@ sqlite Sqlite; $($file: $($case),+;)+);
        every_backend!(@ mariadb MariaDb; $($file: $($case),+;)+);
        every_backend!(@ redis Redis; $($file: $($case),+;)+);
        every_backend!(@ cluster Cluster; $($file: $($case),+;)+);
    };
    (@ $backend:ident $kind:ident; $($file:ident: $($case:ident),+;)+) => {
        mod $backend { $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let Some(bed) = super::suite::Bed::open(super::suite::Kind::$kind).await else { return };
                super::suite::$file::$case(&bed).await;
                bed.close().await;
            }
        )+)+ }
    };
}

every_backend! {
    taking:
        equal_priorities_go_first_in_first_out,
        smaller_priority_numbers_go_first,
        a_delayed_job_waits_for_its_time,
        queues_do_not_mix,
        bringing_a_job_twice_changes_nothing,
        a_copy_is_dropped_while_the_first_waits_or_runs,
        concurrent_workers_never_share_a_job,
        ten_thousand_due_in_the_same_second,
        a_megabyte_comes_back_as_it_went_in,
        a_paused_queue_hands_out_nothing_until_resumed,
        a_waiter_is_woken_by_new_work;
    failing:
        a_failure_is_retried_after_the_backoff_and_the_last_one_kills,
        the_handler_may_say_when_or_never,
        a_dead_job_can_be_sent_back,
        only_a_dead_job_can_be_sent_back,
        a_stalled_job_is_taken_back_without_losing_a_try,
        a_job_that_kills_its_workers_is_given_up,
        a_lost_lease_can_end_nothing,
        a_renewed_lease_holds,
        a_released_job_goes_first_and_keeps_its_tries;
    looking:
        counts_follow_the_jobs,
        lists_page_and_filter,
        a_job_shows_its_life,
        old_jobs_are_forgotten_and_young_ones_kept,
        an_unknown_job_is_nothing;
    working:
        jobs_run_and_failures_are_told,
        a_panic_ends_one_run,
        a_job_over_its_time_is_stopped,
        a_kind_without_handler_waits_for_one,
        a_handler_that_lost_its_lease_is_cancelled,
        a_graceful_stop_finishes_the_short_and_gives_back_the_long,
        a_lane_never_runs_more_than_its_room;
    model:
        a_random_walk_follows_the_model;
}
