/** %%sql: queries over tables of cells, CSV and Parquet files, checked where they were typed. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { magics } from "../../kernel-ext/src/magics/registry.js";
import { rewrite } from "../../kernel-ext/src/magics/rewrite.js";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, outline, resultText, traceback } from "./client.js";

describe("kernel: %%sql", function () {
  this.timeout(120_000);

  it("leaves names of tables and values in the columns where they were typed", () => {
    const source =
      "%%sql\nselect rows, 'from rows', \"from rows\" -- from rows\nfrom rows r, (select * from more)\n  where a > {{ limit + 1 }} and b = 'x' /* join rows */";
    const around = { folder: ".", typing: false, names: () => new Set(["rows", "more", "limit", "r"]) };
    const lines = rewrite(source, magics, around).text.text.split("\n");
    assert.equal(lines.length, 5);
    assert.equal(lines[1]?.trim(), "");
    assert.equal(lines[2]?.trimEnd(), "     rows,                  more,");
    assert.equal(lines[3]?.trimEnd(), "             ( limit + 1 ),");
    assert.match(lines[0] ?? "", /a > \$1 {14}and b = 'x'.*\["rows","more",null\]/);
  });

  it("takes no name of a common table expression for a value of a cell", () => {
    const around = { folder: ".", typing: false, names: () => new Set(["t", "u"]) };
    const { text } = rewrite("%%sql\nwith t as (select * from u) select * from t", magics, around);
    assert.match(text.text, /\["u"\]/);
  });

  describe("in a kernel", () => {
    let client: KernelClient;
    before(async () => {
      client = await KernelClient.start();
      writeFileSync(path.join(client.folder, "clinical.csv"), "patient,age,sex\na,71,f\nb,58,m\nc,,f\n");
      const made = await client.execute(
        "%cohort clinical = clinical.csv id=patient\n" +
          "const rows = [{ name: 'x', n: 1 }, { name: 'y', n: 2.5 }, { name: null, n: NaN }];\n" +
          "const limit = 60, none = 5;",
      );
      assert.equal(made.reply.content.status, "ok", traceback(made).join("\n"));
    });
    after(() => client.close());

    const complete = async (code: string): Promise<unknown> =>
      (await client.request("shell", "complete_request", { code, cursor_pos: [...code].length }).done).reply
        .content.matches;
    /** Runs a query and reads its rows as JSON. */
    const rowsOf = async (query: string): Promise<unknown> => {
      const exchange = await client.execute(`%%sql found\n${query}`);
      assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
      const text = resultText(await client.execute("JSON.stringify(found)"));
      return JSON.parse(String(text).slice(1, -1));
    };

    it("shows the rows of a query", async () => {
      const exchange = await client.execute("%%sql\nselect name, n from rows where n > 1");
      assert.deepEqual(outline(exchange.published), [
        "status busy",
        "execute_input",
        "execute_result",
        "status idle",
      ]);
      const result = exchange.published.find(({ header }) => header.msg_type === "execute_result");
      assert.ok(result);
      const html = (result.content.data as Record<string, string>)["text/html"] ?? "";
      assert.match(html, /name.*n.*y.*2\.5/s);
    });

    it("reads lists of objects, with what is missing", async () => {
      assert.deepEqual(await rowsOf("select count(*) as k, count(n) as numbers, sum(n) as total from rows"), [
        { k: 3, numbers: 2, total: 3.5 },
      ]);
      assert.deepEqual(await rowsOf("select name from rows where name is null"), [{ name: null }]);
    });

    it("reads a cohort, whose text of numbers counts as numbers, with its ids", async () => {
      assert.deepEqual(
        await rowsOf("select id, age from clinical where age > 60 or age is null order by id"),
        [
          { id: "a", age: 71 },
          { id: "c", age: null },
        ],
      );
    });

    it("reads a table of features", async () => {
      await client.execute(
        "import { FeatureTable } from 'radbook';\n" +
          "const features = new FeatureTable(['a', 'b'], [{ name: 'volume', unit: 'mL', values: Float64Array.of(2, 3) }]);",
      );
      assert.deepEqual(
        await rowsOf(
          "select c.sex, f.volume from features f join clinical c on c.id = f.id, rows where rows.n = 1 order by 1",
        ),
        [
          { sex: "f", volume: 2 },
          { sex: "m", volume: 3 },
        ],
      );
    });

    it("reads and writes CSV and Parquet files", async () => {
      assert.deepEqual(await rowsOf("select avg(age) as mean from 'clinical.csv'"), [{ mean: 64.5 }]);
      await client.execute(
        "%%sql\ncopy (select * from clinical where sex = 'f') to 'f.parquet' (format parquet)",
      );
      assert.deepEqual(await rowsOf("select id from 'f.parquet' order by id desc"), [
        { id: "c" },
        { id: "a" },
      ]);
    });

    it("puts values in as values, never as text of the query", async () => {
      assert.deepEqual(
        await rowsOf(
          'select id from clinical where age < {{ limit }} and sex <> {{ "\'; drop table x; --" }}',
        ),
        [{ id: "b" }],
      );
    });

    it("gives rows of a type", async () => {
      const query =
        "%%sql by: { sex: string; n: number }\nselect sex, count(*) as n from clinical group by sex order by sex";
      assert.equal((await client.execute(query)).reply.content.status, "ok");
      assert.equal(resultText(await client.execute("by.map(({ n }) => n + 1)")), "[ 3, 2 ]");
      const wrong = await client.execute("by[0].sx");
      assert.equal(wrong.reply.content.ename, "TypeCheckError");
    });

    it("keeps what the query made, and nothing of the tables it was given", async () => {
      await client.execute("%%sql\ncreate table kept as select * from rows");
      assert.deepEqual(await rowsOf("select count(*) as n from kept"), [{ n: 3 }]);
      assert.deepEqual(await rowsOf("select table_name from duckdb_tables() where temporary"), []);
    });

    it("marks a name that holds no table, and a value that is none, where they stand", async () => {
      const table = await client.execute("%%sql\nselect *\n  from none");
      assert.deepEqual(
        traceback(table).slice(-3),
        ["Cell [*], line 3, column 8", "> 3 |   from none", "    |        ^^^^"].map((line) =>
          line.replace("*", count(table)),
        ),
      );
      const value = await client.execute("%%sql\nselect {{ rows }}, {{ limt }}");
      const lines = traceback(value).filter((line) => /\^/.test(line));
      assert.deepEqual(lines, ["    |           ^^^^", "    |                       ^^^^"]);
    });

    it("says what DuckDB says, with its line", async () => {
      const syntax = await client.execute("%%sql\nselect 1\nfro x y z");
      assert.equal(syntax.reply.content.ename, "SqlError");
      assert.match(String(syntax.reply.content.evalue), /^Parser Error: .*\n\nLINE 2: fro x y z/);
      const missing = await client.execute("%%sql\nselect * from nowhere");
      assert.match(
        String(missing.reply.content.evalue),
        /nowhere does not exist[\s\S]*names of earlier cells/,
      );
      const name = await client.execute("%%sql 5x\nselect 1");
      assert.match(traceback(name)[0] ?? "", /"5x" is no name for the rows/);
      assert.deepEqual(await rowsOf("select 1 as one"), [{ one: 1 }], "the next query runs");
    });

    it("an interrupt ends a query, and the next one runs", async () => {
      const sent = client.begin("%%sql\nselect count(*) from range(1000000000000) a where a.range % 7 = 3");
      await new Promise((next) => setTimeout(next, 500));
      await client.request("control", "interrupt_request", {}).done;
      assert.equal((await sent.done).reply.content.ename, "Interrupted");
      assert.deepEqual(await rowsOf("select 2 as two"), [{ two: 2 }]);
    });

    it("completes tables, keywords and values", async () => {
      assert.deepEqual(await complete("%%sql\nselect * from cli"), ["clinical"]);
      assert.deepEqual(await complete("%%sql\nSEL"), ["SELECT"]);
      assert.deepEqual(await complete("%%sql\nselect {{ rows.leng"), ["length"]);
      assert.deepEqual(await complete("%%sq"), ["%%sql"]);
    });
  });
});

/** The execution count of a cell. */
function count({ reply }: { readonly reply: { readonly content: JsonObject } }): string {
  return String(reply.content.execution_count);
}
