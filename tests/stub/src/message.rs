//! Messages of PostgreSQL's protocol, version 3, as a server reads and writes them.

use std::io::{Error, ErrorKind, Result};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The bytes of a length, which counts itself.
const LENGTH: usize = 4;

/// A connection to a client, and what has been read and not yet taken, written and not yet sent.
pub(crate) struct Messages {
    stream: TcpStream,
    read: BytesMut,
    written: BytesMut,
}

impl Messages {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            read: BytesMut::new(),
            written: BytesMut::new(),
        }
    }

    /// The first message, which has no kind.
    pub(crate) async fn read_start(&mut self) -> Result<Bytes> {
        self.read_content().await
    }

    /// The next message: its kind and its content.
    pub(crate) async fn read(&mut self) -> Result<(u8, Bytes)> {
        self.fill(1).await?;
        let kind = self.read.get_u8();
        Ok((kind, self.read_content().await?))
    }

    async fn read_content(&mut self) -> Result<Bytes> {
        self.fill(LENGTH).await?;
        let length = self.read.get_u32() as usize;
        let length = length.checked_sub(LENGTH).ok_or(ErrorKind::InvalidData)?;
        self.fill(length).await?;
        Ok(self.read.split_to(length).freeze())
    }

    /// Waits until this much has been read.
    async fn fill(&mut self, length: usize) -> Result<()> {
        while self.read.len() < length {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }

    /// Writes a message of this kind, to be sent later; `content` appends what it has.
    pub(crate) fn write(
        &mut self,
        kind: u8,
        content: impl FnOnce(&mut BytesMut) -> Result<()>,
    ) -> Result<()> {
        self.written.put_u8(kind);
        counted(&mut self.written, LENGTH, content)
    }

    /// Sends all that was written.
    pub(crate) async fn send(&mut self) -> Result<()> {
        self.stream.write_all_buf(&mut self.written).await
    }
}

/// Appends what `content` appends, behind its length and `more`.
pub(crate) fn counted(
    out: &mut BytesMut,
    more: usize,
    content: impl FnOnce(&mut BytesMut) -> Result<()>,
) -> Result<()> {
    let start = out.len();
    out.put_u32(0);
    content(out)?;
    let length: u32 = number(out.len() - start - LENGTH + more)?;
    out[start..start + LENGTH].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// A count as the protocol has it.
pub(crate) fn number<N: TryFrom<usize>>(count: usize) -> Result<N> {
    N::try_from(count).map_err(|_| Error::from(ErrorKind::InvalidData))
}

/// Takes a text that ends with NUL.
pub(crate) fn text(content: &mut Bytes) -> Result<String> {
    let end = content.iter().position(|byte| *byte == 0);
    let text = content.split_to(end.ok_or(ErrorKind::InvalidData)?);
    content.advance(1);
    String::from_utf8(text.into()).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}
