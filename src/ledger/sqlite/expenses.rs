//! What paid writers cost.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use wirereport_actors::wire::expense::{
    self, Capped, Expenses, Periods, Reservation, ReservationId, Spent, Tokens,
};
use wirereport_actors::wire::pace::Money;

use super::rows::At;
use super::trouble::Trouble;

/// Sets money aside, unless all that the call can cost would exceed a cap. Looking and setting aside are one transaction.
pub(super) fn reserve(
    conn: &Connection,
    reservation: &Reservation,
) -> Result<Result<ReservationId, Capped>, Trouble> {
    let Reservation { account, model, at, tokens, money } = reservation;
    let spent = expenses(conn, &account.payee, &account.periods(*at))?;
    if let Err(capped) = account.admit(&spent, *money, *at) {
        return Ok(Err(capped));
    }
    let sql = "INSERT INTO expenses (payee, model, at, input_tokens, output_tokens, money) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let row = params![account.payee, model, At(*at), tokens.input, tokens.output, money.0];
    conn.prepare_cached(sql)?.execute(row)?;
    Ok(Ok(ReservationId(conn.last_insert_rowid())))
}

/// Puts a reservation right. One that is not there any more, or is settled, is left.
pub(super) fn settle(
    conn: &Connection,
    ReservationId(id): ReservationId,
    tokens: Tokens,
    money: Money,
) -> Result<(), Trouble> {
    let sql = "UPDATE expenses SET settled = 1, input_tokens = ?2, output_tokens = ?3, money = ?4 \
         WHERE id = ?1 AND settled = 0";
    conn.prepare_cached(sql)?.execute(params![id, tokens.input, tokens.output, money.0])?;
    Ok(())
}

/// Drops what no month is counted from any more.
pub(super) fn prune(conn: &Connection, before: Timestamp) -> Result<usize, Trouble> {
    let oldest = expense::kept_since(before);
    Ok(conn.prepare_cached("DELETE FROM expenses WHERE at < ?1")?.execute([At(oldest)])?)
}

pub(super) fn expenses(conn: &Connection, payee: &str, periods: &Periods) -> Result<Expenses, Trouble> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE settled = 0), coalesce(sum(input_tokens), 0), \
         coalesce(sum(output_tokens), 0), coalesce(sum(money), 0) FROM expenses WHERE payee = ?1 AND at >= ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut since = |begin| {
        statement.query_row(params![payee, At(begin)], |row| {
            let tokens = Tokens { input: row.get(2)?, output: row.get(3)? };
            Ok(Spent { calls: row.get(0)?, unanswered: row.get(1)?, tokens, money: Money(row.get(4)?) })
        })
    };
    Ok(Expenses { today: since(periods.today)?, this_month: since(periods.this_month)? })
}
