//! The demo company keeps its books: what must hold between its tables, at a fiftieth of the size.

use super::time::{LAST, MONTHS, WINDOW, as_of, last_day};
use super::world::MovementKind;
use super::*;
use almanac_model::manifest::Bound;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

fn world() -> World {
    World::new(Seed(SEED), 0.02)
}

#[test]
fn movements_add_up_to_the_mrr_of_every_month() {
    let world = world();
    for month in WINDOW..MONTHS {
        let moved: i64 = (world.lives.iter())
            .flat_map(|life| &life.movements)
            .filter(|movement| movement.day <= last_day(month))
            .map(|movement| movement.delta)
            .sum();
        let snapshots: i64 = world
            .lives
            .iter()
            .flat_map(|life| &life.snapshots)
            .filter(|row| row.month == month)
            .map(|row| row.mrr)
            .sum();
        assert_eq!(moved, snapshots, "{}", time::label(month));
    }
}

#[test]
fn every_snapshot_follows_from_the_one_before() {
    for life in &world().lives {
        for pair in life.snapshots.windows(2) {
            let [before, after] = pair else { unreachable!("windows of two") };
            if after.month == before.month + 1 {
                assert_eq!(after.mrr_1m_ago, before.mrr);
            }
            let year_ago = life.snapshots.iter().find(|row| row.month == after.month - 12);
            assert!(year_ago.is_none_or(|row| row.mrr == after.mrr_12m_ago));
        }
        for row in &life.snapshots {
            assert_eq!(row.active, row.mrr > 0);
            assert_eq!(row.active, row.health.is_some());
            assert_eq!(row.leaves.is_some(), row.active && row.month <= LAST - 3);
        }
    }
}

#[test]
fn who_left_has_left_and_nothing_lies_in_the_future() {
    for life in &world().lives {
        assert!(life.movements.iter().all(|movement| movement.day <= as_of()));
        assert_eq!(life.movements.iter().filter(|movement| movement.kind == MovementKind::New).count(), 1);
        let last = life.movements.last().map(|movement| movement.kind);
        assert_eq!(life.churn.is_some(), last == Some(MovementKind::Churn));
        let now: i64 = life.movements.iter().map(|movement| movement.delta).sum();
        assert_eq!(now == 0, life.churn.is_some());
    }
}

#[test]
fn ranks_are_a_permutation_by_mrr() {
    let world = world();
    let mut rows: Vec<_> =
        world.lives.iter().flat_map(|life| &life.snapshots).filter(|row| row.month == LAST).collect();
    rows.sort_by_key(|row| row.rank);
    assert!(rows.iter().map(|row| row.rank).eq(1..=i32::try_from(rows.len()).unwrap()));
    assert!(rows.is_sorted_by(|a, b| a.mrr >= b.mrr));
}

#[test]
fn deals_follow_the_accounts() {
    let world = world();
    let deals = sales::deals(&world);
    let by_id: BTreeMap<u32, _> = world.accounts.iter().map(|account| (account.id, account)).collect();
    for deal in &deals {
        assert!(deal.created <= as_of());
        assert!(deal.closed.is_none_or(|day| day >= deal.created && day <= as_of()));
        assert!(deal.quiet_days <= as_of() - deal.created, "a deal of yesterday has not been quiet for a week");
        if deal.won && !deal.expansion {
            let account = by_id[&deal.account.unwrap()];
            assert_eq!((deal.closed, deal.amount), (Some(account.signup_day), account.first_mrr * 12));
        }
        assert_eq!(deal.loss_reason.is_some(), deal.closed.is_some() && !deal.won);
    }
    assert!(deals.iter().any(|deal| deal.closed.is_none()));
}

/// Files of a folder with their bytes, by path.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(
                contents(&path)
                    .into_iter()
                    .map(|(inner, bytes)| (PathBuf::from(path.file_name().unwrap()).join(inner), bytes)),
            );
        } else {
            found.insert(path.file_name().unwrap().into(), fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn same_seed_same_bytes_whatever_the_threads() {
    let made = |threads: usize, seed: u64| {
        let folder = std::env::temp_dir().join(format!("almanac-demo-{threads}-{seed}-{}", std::process::id()));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| generate(&folder, 0.01, seed, false)).unwrap();
        let files = contents(&folder);
        fs::remove_dir_all(&folder).unwrap();
        files
    };
    let one = made(1, SEED);
    assert!(one == made(3, SEED), "the bytes depend on the number of threads");
    assert!(one != made(1, 1), "another seed makes another company");
}

#[test]
fn the_manifest_describes_the_files_as_they_are() {
    let folder = std::env::temp_dir().join(format!("almanac-demo-manifest-{}", std::process::id()));
    generate(&folder, 0.01, SEED, false).unwrap();
    let manifest = manifest::read(&folder).unwrap();
    assert_eq!(manifest.as_of.as_deref(), Some("2025-11-30"));
    assert!(manifest.resources.is_sorted_by(|a, b| a.name < b.name));
    for resource in &manifest.resources {
        assert!(resource.schema.fields.iter().all(|field| !field.description.is_empty()), "{}", resource.name);
        let mut rows = 0;
        for file in &resource.files {
            let bytes = fs::read(folder.join(&file.path)).unwrap();
            let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((file.bytes, &file.sha256), (bytes.len() as u64, &hash), "{}", file.path);
            let reader =
                parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes))
                    .unwrap();
            let metadata = reader.metadata().file_metadata();
            assert_eq!(u64::try_from(metadata.num_rows()).unwrap(), file.rows);
            let names: Vec<&str> = metadata.schema_descr().columns().iter().map(|column| column.name()).collect();
            assert!(names.iter().eq(resource.schema.fields.iter().map(|field| &field.name)), "{}", file.path);
            rows += file.rows;
        }
        assert_eq!(rows, resource.rows);
    }
    let monthly = manifest.resources.iter().find(|resource| resource.name == "account_monthly").unwrap();
    assert_eq!(monthly.files.len(), 24);
    let last = &monthly.files[23];
    assert_eq!((last.path.as_str(), monthly.partition.as_deref()), ("account_monthly/2025-11.parquet", Some("month")));
    let day = |text: &str| Bound::Text(text.to_owned());
    assert_eq!(last.between["month"], (day("2025-11-01"), day("2025-11-01")));
    let tickets = manifest.resources.iter().find(|resource| resource.name == "tickets").unwrap();
    let keys: Vec<&str> = tickets.schema.foreign_keys.iter().map(|key| key.reference.resource.as_str()).collect();
    assert_eq!(keys, ["accounts", "months"]);
    fs::remove_dir_all(&folder).unwrap();
}

/// Hashes of the files of a manifest, by path.
fn hashes(folder: &Path) -> BTreeMap<String, String> {
    let resources = manifest::read(folder).unwrap().resources;
    resources.into_iter().flat_map(|resource| resource.files).map(|file| (file.path, file.sha256)).collect()
}

#[test]
fn defects_are_where_they_are_planted_and_nowhere_else() {
    let made = |dirty: bool| {
        let folder = std::env::temp_dir().join(format!("almanac-demo-dirty-{dirty}-{}", std::process::id()));
        generate(&folder, 0.02, SEED, dirty).unwrap();
        let found = hashes(&folder);
        fs::remove_dir_all(&folder).unwrap();
        found
    };
    let (clean, dirty) = (made(false), made(true));
    let differ: Vec<&str> =
        clean.iter().filter(|(path, hash)| dirty[*path] != **hash).map(|(path, _)| path.as_str()).collect();
    let mut planted: Vec<String> = defects::places().collect();
    planted.sort();
    planted.dedup();
    assert_eq!(differ, planted);
}

#[test]
fn every_table_of_the_schema_is_written_with_its_columns() {
    let folder = std::env::temp_dir().join(format!("almanac-demo-schema-{}", std::process::id()));
    generate(&folder, 0.002, SEED, false).unwrap();
    let manifest = manifest::read(&folder).unwrap();
    let mut tables = out::schema().unwrap();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(tables.len(), 36);
    for (table, resource) in tables.iter().zip(&manifest.resources) {
        assert_eq!((&table.name, &table.grain), (&resource.name, &resource.grain));
        let fields = resource.schema.fields.iter().map(|field| (&field.name, field.ty, field.nullable));
        assert!(
            fields.eq(table.columns.iter().map(|column| (&column.name, column.ty, column.nullable))),
            "{}",
            table.name
        );
        assert!(!table.kind.is_empty() && !table.description.is_empty() && !table.primary_key.is_empty());
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_scale_that_makes_no_sense_is_refused() {
    for scale in [0.0, -1.0, f64::NAN, 1e9] {
        assert!(generate(Path::new("nowhere"), scale, 1, false).is_err(), "{scale}");
    }
}
