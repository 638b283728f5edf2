//! What the server says to a client, from its first message to its last.

use std::{collections::HashMap, io::Result};

use bytes::{Buf, BufMut, Bytes};
use tokio::net::TcpStream;

use crate::{
    column,
    message::{Messages, counted, number, text},
    statement::Statement,
};

const BINARY: u16 = 1;
const IDLE: &[u8] = b"I";
/// What a type's size is where it has none, a modifier that there is not, and a NULL's length.
const NONE: i16 = -1;

struct Session {
    messages: Messages,
    /// What was prepared, by name; the last that was not is named by nothing.
    prepared: HashMap<String, Statement>,
    /// The statement that is to be executed, and with what.
    bound: Option<(String, Vec<Bytes>)>,
}

/// Answers until the client goes, or says what this server does not understand.
pub(crate) async fn serve(stream: TcpStream) -> Result<()> {
    let mut session = Session {
        messages: Messages::new(stream),
        prepared: HashMap::new(),
        bound: None,
    };
    session.messages.read_start().await?;
    // Whoever it is may come in: AuthenticationOk.
    session.messages.write(b'R', |out| {
        out.put_u32(0);
        Ok(())
    })?;
    session.ready().await?;
    loop {
        let (kind, content) = session.messages.read().await?;
        match kind {
            b'Q' => session.ask_nothing().await?,
            b'P' => session.parse(content)?,
            b'B' => session.bind(content)?,
            b'D' => session.describe(content)?,
            b'E' => session.execute()?,
            b'C' => session.close(content)?,
            b'S' => session.ready().await?,
            _ => return Ok(()),
        }
    }
}

impl Session {
    async fn ready(&mut self) -> Result<()> {
        self.say(b'Z', IDLE)?;
        self.messages.send().await
    }

    fn say(&mut self, kind: u8, content: &[u8]) -> Result<()> {
        self.messages.write(kind, |out| {
            out.put_slice(content);
            Ok(())
        })
    }

    /// The one simple query there is has no text: whether the connection is alive.
    async fn ask_nothing(&mut self) -> Result<()> {
        self.say(b'I', b"")?;
        self.ready().await
    }

    fn parse(&mut self, mut content: Bytes) -> Result<()> {
        let (name, sql) = (text(&mut content)?, text(&mut content)?);
        let count = content.try_get_u16()?;
        let types = (0..count).map(|_| Ok(content.try_get_u32()?));
        let types = types.collect::<Result<Vec<_>>>()?;
        self.prepared.insert(name, Statement::new(&sql, types));
        self.say(b'1', b"")
    }

    fn bind(&mut self, mut content: Bytes) -> Result<()> {
        let (_, name) = (text(&mut content)?, text(&mut content)?);
        let formats = content.try_get_u16()?;
        content.advance(2 * usize::from(formats));
        let count = content.try_get_u16()?;
        let values = (0..count).map(|_| {
            // NULL is -1 long, and has nothing.
            let length = content.try_get_i32()?.max(0);
            Ok(content.split_to(length.unsigned_abs() as usize))
        });
        self.bound = Some((name, values.collect::<Result<_>>()?));
        self.say(b'2', b"")
    }

    fn describe(&mut self, mut content: Bytes) -> Result<()> {
        content.advance(1);
        let name = text(&mut content)?;
        let Some(statement) = self.prepared.get(&name) else {
            return Ok(());
        };
        self.messages.write(b't', |out| {
            out.put_u16(number(statement.types.len())?);
            statement.types.iter().for_each(|oid| out.put_u32(*oid));
            Ok(())
        })?;
        self.messages.write(b'T', |out| {
            out.put_u16(number(statement.columns.len())?);
            for name in &statement.columns {
                out.put_slice(name.as_bytes());
                // The end of the name, then no table and no column of it.
                out.put_bytes(0, 1 + 4 + 2);
                out.put_u32(column::value(name, 0).0.oid());
                out.put_i16(NONE);
                out.put_i32(NONE.into());
                out.put_u16(BINARY);
            }
            Ok(())
        })
    }

    fn execute(&mut self) -> Result<()> {
        let bound = self.bound.take().unwrap_or_default();
        let Some(statement) = self.prepared.get(&bound.0) else {
            return Ok(());
        };
        let numbers = statement.rows(&bound.1);
        let tag = format!("SELECT {}\0", numbers.len());
        for row in numbers {
            self.messages.write(b'D', |out| {
                out.put_u16(number(statement.columns.len())?);
                for name in &statement.columns {
                    match column::encode(name, row)? {
                        Some(value) => counted(out, 0, |out| {
                            out.put_slice(&value);
                            Ok(())
                        })?,
                        None => out.put_i32(NONE.into()),
                    }
                }
                Ok(())
            })?;
        }
        self.say(b'C', tag.as_bytes())
    }

    fn close(&mut self, mut content: Bytes) -> Result<()> {
        content.advance(1);
        self.prepared.remove(&text(&mut content)?);
        self.say(b'3', b"")
    }
}
