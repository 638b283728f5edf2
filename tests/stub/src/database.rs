//! A PostgreSQL server whose statements return rows of any number and content.

use std::{io::Error, net::SocketAddr};

use bytes::{Bytes, BytesMut};
use pgwire::{
    error::{PgWireError, PgWireResult},
    messages::{
        DecodeContext, PgWireBackendMessage as Answer, PgWireFrontendMessage as Message,
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
            for answer in session.answer(message)? {
                answer.encode(&mut written)?;
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
    fn answer(&mut self, message: Message) -> PgWireResult<Vec<Answer>> {
        let ready = Answer::ReadyForQuery(ReadyForQuery::new(TransactionStatus::Idle));
        Ok(match message {
            // Every user is let in without a password.
            Message::Startup(_) => vec![Answer::Authentication(Authentication::Ok), ready],
            // The pool checks an idle connection with an empty query.
            Message::Query(_) => vec![Answer::EmptyQueryResponse(EmptyQueryResponse::new()), ready],
            Message::Parse(parse) => {
                self.statement = Statement::new(&parse.query, parse.type_oids);
                vec![Answer::ParseComplete(ParseComplete::new())]
            }
            Message::Bind(bind) => {
                self.values = bind.parameters.into_iter().flatten().collect();
                vec![Answer::BindComplete(BindComplete::new())]
            }
            Message::Describe(_) => self.describe(),
            Message::Execute(_) => self.execute()?,
            Message::Sync(_) => vec![ready],
            other => return Err(Error::other(format!("{other:?} is not supported")).into()),
        })
    }

    fn describe(&self) -> Vec<Answer> {
        let fields = self.statement.columns.iter().map(|name| {
            let oid = column::type_of(name).oid();
            FieldDescription::new(name.clone(), 0, 0, oid, NONE, NONE.into(), BINARY)
        });
        vec![
            Answer::ParameterDescription(ParameterDescription::new(self.statement.types.clone())),
            Answer::RowDescription(RowDescription::new(fields.collect())),
        ]
    }

    fn execute(&self) -> PgWireResult<Vec<Answer>> {
        let columns = &self.statement.columns;
        let count = i16::try_from(columns.len()).map_err(Error::other)?;
        let mut answers = Vec::new();
        for row in self.statement.rows(&self.values) {
            let mut data = BytesMut::new();
            for name in columns {
                column::write(name, row, &mut data).map_err(PgWireError::ApiError)?;
            }
            answers.push(Answer::DataRow(DataRow::new(data, count)));
        }
        let tag = format!("SELECT {}", answers.len());
        answers.push(Answer::CommandComplete(CommandComplete::new(tag)));
        Ok(answers)
    }
}
