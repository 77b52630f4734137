//! Where photos are kept: a folder, or a bucket of an S3-compatible store. Each lies under the hash of its bytes, is written
//! whole or not at all, and is read back before anybody is told that it is there.

use super::files::entries;
use crate::Problem;
use anyhow::Context as _;
use axum::http::StatusCode;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, Error, ObjectMeta, ObjectStore, ObjectStoreExt as _, RetryConfig};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, mpsc};
use std::time::Duration;
use store::Fault;
use tokio::runtime::Runtime;

/// How a bucket is named.
const SCHEME: &str = "s3://";
/// What follows the hash in the name of a thumbnail.
const THUMBNAIL: &str = ".thumbnail.jpg";
/// How long a bucket may take to answer, and how long it is asked again. A laptop waits meanwhile.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// Where an office's photos are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoPlace {
    Folder(PathBuf),
    /// A bucket, and what the names in it begin with. Where the store is, and its keys, come from the environment.
    Bucket {
        name: String,
        prefix: String,
    },
}

impl PhotoPlace {
    /// The folder `photos` in a folder.
    pub fn below(folder: &std::path::Path) -> PhotoPlace {
        PhotoPlace::Folder(folder.join("photos"))
    }

    /// Reads a place: a folder, or `s3://BUCKET/PREFIX`. The error says what is accepted.
    pub fn parse(text: &str) -> Result<PhotoPlace, String> {
        let Some(rest) = text.strip_prefix(SCHEME) else {
            return match text {
                "" => Err("empty; accepted are a folder and s3://BUCKET/PREFIX".to_owned()),
                _ => Ok(PhotoPlace::Folder(text.into())),
            };
        };
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if name.is_empty() {
            return Err(format!(
                "`{text}`, which names no bucket; accepted is s3://BUCKET/PREFIX"
            ));
        }
        Ok(PhotoPlace::Bucket {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
        })
    }
}

impl std::fmt::Display for PhotoPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PhotoPlace::Folder(folder) => write!(f, "{}", folder.display()),
            PhotoPlace::Bucket { name, prefix } => write!(f, "{SCHEME}{name}/{prefix}"),
        }
    }
}

/// The name of a photo.
pub fn whole(hash: &str) -> Path {
    Path::from_iter([&hash[..2], hash])
}

/// The name of a photo's thumbnail, which can be made again.
pub fn small(hash: &str) -> Path {
    Path::from_iter([&hash[..2], &format!("{hash}{THUMBNAIL}")])
}

/// The name of what says when an office was last put back from a copy.
pub fn restored() -> Path {
    Path::from("restored")
}

/// The photo that a name belongs to; none where it is not the office's.
pub fn hash_in(name: &Path) -> Option<&str> {
    let (hash, _) = name.filename()?.split_at_checked(64)?;
    let is_hash = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    // Only where the office would have put it: others may share the bucket.
    (is_hash && (*name == whole(hash) || *name == small(hash))).then_some(hash)
}

/// Whether this is a photo or a thumbnail in the middle of being written: the library names it `NAME#1`, and older versions of
/// the office `NAME.CHANCE.part`.
fn is_half_written(path: &std::path::Path) -> bool {
    let name = |path: &std::path::Path| Some(path.file_name()?.to_str()?.to_owned());
    let (Some(folder), Some(name)) = (path.parent().and_then(name), name(path)) else {
        return false;
    };
    let hash = name.split(['#', '.']).next().unwrap_or_default();
    (name.contains('#') || name.ends_with(".part"))
        && hash_in(&Path::from_iter([folder.as_str(), hash])).is_some()
}

/// The store speaks to its bucket here, whoever waits for it.
static RUNTIME: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("photos")
        .enable_all()
        .build()
});

/// The photos of an office.
pub struct PhotoStore {
    place: PhotoPlace,
    objects: Arc<dyn ObjectStore>,
    runtime: &'static Runtime,
}

type Answer<T> = Result<T, Error>;

impl PhotoStore {
    /// Opens a place. A folder is made where there is none; a bucket is not asked for yet.
    pub fn open(place: &PhotoPlace) -> anyhow::Result<PhotoStore> {
        let objects: Arc<dyn ObjectStore> = match place {
            PhotoPlace::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
                Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))
            }
            PhotoPlace::Bucket { name, prefix } => {
                let bucket = AmazonS3Builder::from_env()
                    .with_bucket_name(name)
                    .with_retry(RetryConfig {
                        max_retries: 2,
                        retry_timeout: ANSWERS_WITHIN,
                        ..RetryConfig::default()
                    })
                    .with_client_options(options()?)
                    .build()
                    .with_context(|| format!("the bucket {name} cannot be used"))?;
                Arc::new(PrefixStore::new(bucket, prefix.as_str()))
            }
        };
        let runtime = RUNTIME
            .as_ref()
            .map_err(|error| anyhow::anyhow!("the runtime of the photos: {error}"))?;
        Ok(PhotoStore {
            place: place.clone(),
            objects,
            runtime,
        })
    }

    /// Writes what may be there already; it is on the disk when this returns.
    pub fn write(&self, name: Path, bytes: Vec<u8>) -> Answer<()> {
        self.wait(async move |objects| objects.put(&name, bytes.into()).await.map(|_| ()))
    }

    /// What lies under a name from a byte on, and how many bytes it has in all; none where there is nothing.
    pub fn read(&self, name: Path, from: u64) -> Answer<Option<(Vec<u8>, u64)>> {
        found(self.wait(async move |objects| {
            if from == 0 {
                let got = objects.get(&name).await?;
                let size = got.meta.size;
                return Ok((got.bytes().await?.to_vec(), size));
            }
            let size = objects.head(&name).await?.size;
            let rest = match from < size {
                true => objects.get_range(&name, from..size).await?.to_vec(),
                false => Vec::new(),
            };
            Ok((rest, size))
        }))
    }

    /// The hash of what lies under a name; none where there is nothing.
    pub fn hash_of(&self, name: Path) -> Answer<Option<String>> {
        let read = self.read(name, 0)?;
        Ok(read.map(|(bytes, _)| blake3::hash(&bytes).to_hex().to_string()))
    }

    /// All that lies here, the office's or not.
    pub fn list(&self) -> Answer<Vec<ObjectMeta>> {
        self.wait(async move |objects| objects.list(None).try_collect().await)
    }

    /// What a crash left behind in the middle of writing to a folder; a bucket keeps nothing of that.
    pub fn half_written(&self) -> std::io::Result<Vec<PathBuf>> {
        let PhotoPlace::Folder(folder) = &self.place else {
            return Ok(Vec::new());
        };
        let mut half = Vec::new();
        for first in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
            half.extend(entries(&first)?.into_iter().filter(|path| is_half_written(path)));
        }
        Ok(half)
    }

    /// Removes what is there of these; gives how many.
    pub fn remove(&self, names: Vec<Path>) -> Answer<usize> {
        self.wait(async move |objects| {
            let names = futures::stream::iter(names).map(Ok).boxed();
            let removed = objects.delete_stream(names).map(found);
            let removed: Vec<Option<Path>> = removed.try_collect().await?;
            Ok(removed.into_iter().flatten().count())
        })
    }

    /// Has work done where the store lives, and waits for it, whatever thread this is.
    fn wait<T, W, F>(&self, work: W) -> Answer<T>
    where
        T: Send + 'static,
        W: FnOnce(Arc<dyn ObjectStore>) -> F,
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::sync_channel(1);
        let work = work(Arc::clone(&self.objects));
        self.runtime.spawn(async move {
            // Whoever asked waits, and is there.
            let _ = sender.send(work.await);
        });
        receiver.recv().unwrap_or_else(|_| {
            Err(Error::Generic {
                store: "photos",
                source: "the work was given up".into(),
            })
        })
    }
}

/// What the environment says of connections, and how long the store may take.
fn options() -> anyhow::Result<ClientOptions> {
    let allows_http = std::env::var("AWS_ALLOW_HTTP").is_ok_and(|said| said == "true");
    Ok(ClientOptions::new()
        .with_timeout(ANSWERS_WITHIN)
        .with_connect_timeout(ANSWERS_WITHIN)
        .with_allow_http(allows_http))
}

/// That there is nothing is an answer.
fn found<T>(answer: Answer<T>) -> Answer<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a caller is told of a store that failed.
pub fn fault(error: &Error) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && error.kind() == std::io::ErrorKind::StorageFull
        {
            return Fault::DiskFull.into();
        }
        cause = error.source();
    }
    if let Error::Generic { store: "S3", .. } = error {
        tracing::error!(%error, "the photos' store does not answer");
        let sentence = "The office cannot reach its photos just now; try again in a moment.";
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_photos", sentence);
    }
    Fault::Other(format!("the photos: {error}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let bucket = |name: &str, prefix: &str| PhotoPlace::Bucket {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
        };
        assert_eq!(PhotoPlace::parse("s3://town"), Ok(bucket("town", "")));
        assert_eq!(PhotoPlace::parse("s3://town/a/b/"), Ok(bucket("town", "a/b")));
        assert_eq!(
            PhotoPlace::parse("/srv/photos"),
            Ok(PhotoPlace::Folder("/srv/photos".into()))
        );
        assert!(PhotoPlace::parse("").is_err() && PhotoPlace::parse("s3:///a").is_err());
    }

    #[test]
    fn only_photos_and_their_thumbnails_are_the_offices() {
        let hash = "0a".repeat(32);
        assert_eq!(hash_in(&whole(&hash)), Some(hash.as_str()));
        assert_eq!(hash_in(&small(&hash)), Some(hash.as_str()));
        assert_eq!(hash_in(&Path::from(format!("0a/{hash}.notes"))), None);
        assert_eq!(hash_in(&Path::from(format!("of-others/{hash}"))), None);
        assert_eq!(hash_in(&Path::from("0a/notes-of-the-administrator.txt")), None);
    }
}
