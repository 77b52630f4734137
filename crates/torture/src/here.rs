//! The office within this process, over real HTTP, on files that are put back for each run; and the link to it, which cuts.

use crate::check::{Saved, brings};
use crate::laptop::{KEY, Laptop, Stop, credential};
use crate::town;
use anyhow::{Context as _, Result};
use device::Files;
use domain::Command;
use link::Client;
use server::{Office, Opening, PhotoPlace};
use sim::Rng;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Place;
use store::sqlite::OutboxPhoto;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// A folder for short runs: in memory where the system has such a place, because nothing here is about the disk.
pub fn scratch() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        tempfile::tempdir_in(memory)?
    } else {
        tempfile::tempdir()?
    })
}

/// Where the office's records are in a folder.
pub fn place(folder: &Path) -> Place {
    Place::Sqlite(folder.join("office.db"))
}

/// Where the laptop's files are in a folder.
pub fn laptop_of(folder: &Path) -> PathBuf {
    folder.join("laptop")
}

/// An office that serves what is in a folder; it ends with this value.
pub struct Here {
    pub url: String,
    task: JoinHandle<()>,
}

impl Here {
    pub async fn serve(folder: &Path) -> Result<Here> {
        let opening = Opening {
            database: place(folder),
            data_dir: folder.to_owned(),
            photos: PhotoPlace::below(folder),
            org: policy::OrgId::parse("main")?,
        };
        let router = server::http::router(Arc::new(Office::open(&opening)?), false);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            // It is ended from outside; what keeps it from serving shows itself at the laptop.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Here { url, task })
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An office and a laptop as they were at one moment, and what the laptop had saved.
pub struct Moment {
    pub(crate) folder: TempDir,
    pub saved: Vec<Saved>,
    pub credential: String,
}

impl Moment {
    /// A town with a laptop that is in line with it, and has then done these things.
    pub async fn of(done: Vec<(Command, Option<OutboxPhoto>)>, rng: &mut Rng) -> Result<Moment> {
        let folder = scratch()?;
        town::build(&place(folder.path()))?;
        let files = laptop_of(folder.path());
        std::fs::create_dir_all(&files)?;
        let here = Here::serve(folder.path()).await?;
        let mut laptop = Laptop::sign_in(&here.url, &files).await?;
        laptop.exchange(|_, _| {}).await?;
        let mut saved = Vec::new();
        for (command, photo) in done {
            let brings = brings(&command);
            let id = laptop.does(rng, command, photo)?;
            saved.push(Saved { id, brings });
        }
        drop(laptop);
        drop(here);
        let credential = credential(&Files::open(&files, &KEY).map_err(Stop::from)?)?;
        Ok(Moment {
            folder,
            saved,
            credential,
        })
    }

    /// The usual things: two notes and a photo.
    pub async fn usual(rng: &mut Rng) -> Result<Moment> {
        let (command, photo) = town::photo(rng)?;
        let done = vec![
            (town::note(rng)?, None),
            (command, Some(photo)),
            (town::note(rng)?, None),
        ];
        Moment::of(done, rng).await
    }

    /// Everything as it was, in a folder of its own.
    pub fn again(&self) -> Result<TempDir> {
        let folder = scratch()?;
        copy(self.folder.path(), folder.path())?;
        copy(&laptop_of(self.folder.path()), &laptop_of(folder.path()))?;
        copy_photos(self.folder.path(), folder.path())?;
        Ok(folder)
    }

    /// A client with the credential of that laptop.
    pub fn client(&self, url: &str) -> Result<Client, Stop> {
        Ok(Client::new(url, &self.credential)?)
    }
}

/// Copies the files of a folder, without the folders in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))
                .with_context(|| entry.path().display().to_string())?;
        }
    }
    Ok(())
}

/// Copies the office's photos.
pub fn copy_photos(from: &Path, to: &Path) -> Result<()> {
    let (from, to) = (from.join("photos"), to.join("photos"));
    if from.is_dir() {
        for entry in std::fs::read_dir(&from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
