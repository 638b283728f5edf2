//! A PostgreSQL server whose statements return rows of any number and content.

use std::{io::Error, net::SocketAddr};

use bytes::{Bytes, BytesMut};
use pgwire::{
    error::{PgWireError, PgWireResult},
    messages::{
        DecodeContext, PgWireBackendMessage as Reply, PgWireFrontendMessage as Message,
        data::{DataRow, FieldDescription, ParameterDescription, RowDescription},
        extendedquery::{BindComplete, ParseComplete},
        response::{CommandComplete, EmptyQueryResponse, ReadyForQuery, TransactionStatus},
        startup::Authentication,
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{column, statement::Statement};

const BINARY: i16 = 1;
/// The size and the modifier of a type that has none.
const NONE: i16 = -1;

/// Starts the server on a port of the loopback interface. It runs as long as the runtime.
pub(crate) async fn start() -> Result<SocketAddr, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // If it fails, the client loses its connection, and the test fails.
            tokio::spawn(serve(stream));
        }
    });
    Ok(address)
}

/// Serves a client until it leaves or sends a message that this server does not support.
async fn serve(mut stream: TcpStream) -> PgWireResult<()> {
    stream.set_nodelay(true)?;
    let mut context = DecodeContext::default();
    context.awaiting_frontend_ssl = false;
    let mut session = Session::default();
    let (mut read, mut written) = (BytesMut::new(), BytesMut::new());
    while stream.read_buf(&mut read).await? > 0 {
        while let Some(message) = Message::decode(&mut read, &context)? {
            context.awaiting_frontend_startup = false;
            for reply in session.reply(message)? {
                reply.encode(&mut written)?;
            }
        }
        stream.write_all_buf(&mut written).await?;
    }
    Ok(())
}

/// The state of a connection. All its statements are unnamed.
#[derive(Default)]
struct Session {
    statement: Statement,
    values: Vec<Bytes>,
}

impl Session {
    fn reply(&mut self, message: Message) -> PgWireResult<Vec<Reply>> {
        let ready = Reply::ReadyForQuery(ReadyForQuery::new(TransactionStatus::Idle));
        Ok(match message {
            // Every user is let in without a password.
            Message::Startup(_) => vec![Reply::Authentication(Authentication::Ok), ready],
            // The pool checks an idle connection with an empty query.
            Message::Query(_) => vec![Reply::EmptyQueryResponse(EmptyQueryResponse::new()), ready],
            Message::Parse(parse) => {
                self.statement = Statement::new(&parse.query, parse.type_oids);
                vec![Reply::ParseComplete(ParseComplete::new())]
            }
            Message::Bind(bind) => {
                self.values = bind.parameters.into_iter().flatten().collect();
                vec![Reply::BindComplete(BindComplete::new())]
            }
            Message::Describe(_) => self.describe(),
            Message::Execute(_) => self.execute()?,
            Message::Sync(_) => vec![ready],
            other => return Err(Error::other(format!("{other:?} is not supported")).into()),
        })
    }

    fn describe(&self) -> Vec<Reply> {
        let fields = self.statement.columns.iter().map(|name| {
            let oid = column::type_of(name).oid();
            FieldDescription::new(name.clone(), 0, 0, oid, NONE, NONE.into(), BINARY)
        });
        vec![
            Reply::ParameterDescription(ParameterDescription::new(self.statement.types.clone())),
            Reply::RowDescription(RowDescription::new(fields.collect())),
        ]
    }

    fn execute(&self) -> PgWireResult<Vec<Reply>> {
        let columns = &self.statement.columns;
        let count = i16::try_from(columns.len()).map_err(Error::other)?;
        let mut replies = Vec::new();
        for row in self.statement.rows(&self.values) {
            let mut data = BytesMut::new();
            for name in columns {
                column::write(name, row, &mut data).map_err(PgWireError::ApiError)?;
            }
            replies.push(Reply::DataRow(DataRow::new(data, count)));
        }
        let tag = format!("SELECT {}", replies.len());
        replies.push(Reply::CommandComplete(CommandComplete::new(tag)));
        Ok(replies)
    }
}
