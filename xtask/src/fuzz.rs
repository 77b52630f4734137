//! `cargo xtask fuzz`: a server with the demonstration town, asked at random by everybody (SEC-10): each role, and nobody.
//! Schemathesis makes the requests from the server's own description of itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::shell::{self, Summary, Usage, say};

const SCHEMATHESIS: &str = "4.32.5";
/// An administrator, a manager, an inspector, somebody without a role, and nobody.
const WHO: [Option<&str>; 5] = [Some("admin"), Some("marta"), Some("ana"), Some("nadia"), None];
/// A fault of the server, an answer the description does not know, or one in another form.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// The stream never ends, and whoever signs out is nobody from then on.
const LEFT_OUT: [&str; 2] = ["/api/events", "/api/sign-out"];

pub fn run(args: &[String]) -> Result<Summary> {
    let examples = match args {
        [] => "100",
        [flag, number] if flag == "--examples" && number.parse::<u32>().is_ok() => number,
        _ => return Err(Usage("fuzz takes --examples N, how many requests to each route".into()).into()),
    };
    shell::must(shell::cargo().args(["build", "--workspace", "--bin", "bailiwick-server"]))?;
    let schemathesis = schemathesis()?;
    let server = Server::start()?;
    let mut found = Vec::new();
    for who in WHO {
        say(&format!("Asking as {}", who.unwrap_or("nobody")));
        let mut command = Command::new(&schemathesis);
        command
            .arg("run")
            .arg(format!("http://{}/api/openapi.json", server.address));
        command.args([
            "--checks",
            CHECKS,
            "--phases",
            "coverage,fuzzing",
            "--max-examples",
            examples,
        ]);
        command.args(["--request-timeout", "10", "--suppress-health-check", "all"]);
        for path in LEFT_OUT {
            command.args(["--exclude-path", path]);
        }
        if let Some(who) = who {
            command.args(["-H", &format!("Authorization: Bearer {}", server.sign_in(who)?)]);
        }
        // It keeps what it knows of earlier runs where it stands.
        if !shell::held(command.current_dir(&server.folder))? {
            found.push(who.unwrap_or("nobody"));
        }
    }
    Ok(Summary {
        code: u8::from(!found.is_empty()),
        line: json!({ "asked_as": WHO.map(|who| who.unwrap_or("nobody")), "failed_as": found }).to_string(),
    })
}

/// The program, in a Python environment of its own, which is made once.
fn schemathesis() -> Result<PathBuf> {
    let home = shell::tools().join("schemathesis");
    let programs = home.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let program = programs.join(format!("schemathesis{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        say("Installing schemathesis, once");
        let python = if cfg!(windows) { "python" } else { "python3" };
        shell::must(Command::new(python).args(["-m", "venv"]).arg(&home))?;
        let pip = programs.join(format!("pip{}", std::env::consts::EXE_SUFFIX));
        shell::must(Command::new(pip).args([
            "install",
            "--quiet",
            &format!("schemathesis=={SCHEMATHESIS}"),
        ]))?;
    }
    Ok(program)
}

/// A server with the demonstration town, in a folder that goes with it.
struct Server {
    child: Child,
    /// Kept open: a server that cannot say anything ends.
    _says: BufReader<ChildStdout>,
    address: String,
    password: String,
    folder: PathBuf,
}

impl Server {
    fn start() -> Result<Server> {
        let folder = std::env::temp_dir().join(format!("bailiwick-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let seeded = server(&folder).arg("seed").stderr(Stdio::inherit()).output()?;
        let town: Value = serde_json::from_slice(&seeded.stdout).context("the town was not seeded")?;
        let mut child = server(&folder)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut says = BufReader::new(child.stdout.take().context("the server says nothing")?);
        let mut line = String::new();
        says.read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line).context("the server did not start")?;
        let url = ready["listening"]
            .as_str()
            .context("the server says no address")?;
        Ok(Server {
            child,
            _says: says,
            address: url.trim_start_matches("http://").to_owned(),
            password: town["password"]
                .as_str()
                .context("the town has no password")?
                .to_owned(),
            folder,
        })
    }

    /// Signs somebody in; gives the credential.
    fn sign_in(&self, username: &str) -> Result<String> {
        let body =
            json!({ "username": username, "password": self.password, "device_name": "fuzz" }).to_string();
        let mut stream = TcpStream::connect(&self.address)?;
        write!(
            stream,
            "POST /api/sign-in HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        let (_, said) = reply.split_once("\r\n\r\n").context("no answer to the sign-in")?;
        let said: Value =
            serde_json::from_str(said).with_context(|| format!("{username} was answered {said}"))?;
        match said["credential"].as_str() {
            Some(credential) => Ok(credential.to_owned()),
            None => bail!("{username} may not sign in: {said}"),
        }
    }
}

fn server(folder: &Path) -> Command {
    let name = format!("bailiwick-server{}", std::env::consts::EXE_SUFFIX);
    let mut command = Command::new(shell::programs("debug").join(name));
    shell::give_places(&mut command);
    command.arg("--data-dir").arg(folder).current_dir(shell::root());
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
