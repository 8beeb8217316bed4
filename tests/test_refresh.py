# ruff: noqa: F811 - fixtures are imported, and then asked for by name
"""`ceuplan catalog refresh` on a shop that behaves: what is new, withdrawn, changed, kept by hand, unchanged."""

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.misbehaving import COURSES, JSON_PROVIDER, answer, cards, course, products, silent
from tests.shop import DAY, LATER, run, server, shop  # noqa: F401 - fixtures


def test_first_refresh_writes_every_course(shop):
    shop.sells(cards())
    before = shop.files()

    looked = shop.refresh()
    assert (looked.code, shop.files()) == (0, before)
    assert "New (10):" in looked.out
    assert "Nothing was written" in looked.err

    wrote = shop.refresh("--write")
    assert wrote.code == 0
    assert wrote.out == looked.out
    assert list(shop.rows()) == [f"shop:c{number}" for number in range(10)]
    first = shop.rows()["shop:c0"]
    assert (first.title, first.price, first.evidence) == ("Infection control", 1000, "provider")
    assert first.note == "Read by ceuplan."


def test_refresh_with_nothing_changed_writes_nothing(shop):
    """Tests that not even a day is rewritten: files keep their bytes and the moment they were written."""
    before = shop.opened().files()

    ran = shop.refresh("--write", day=LATER)

    assert (ran.code, shop.files()) == (0, before)
    assert "10 rows read, nothing changed" in ran.out
    assert ran.err == ""


def test_what_changed_is_told_and_written(shop):
    shop.opened()
    now = [course(0, price="12.50"), course(1, area="General"), *COURSES[3:], course(10, title="Brand new")]
    shop.sells(cards(now))

    ran = shop.refresh("--write", day=LATER)

    assert ran.code == 0
    for line in (
        "New (1):\n    shop:c10:",
        "Withdrawn (1):\n    shop:c2:",
        "price 10.00 → 12.50 (+25%)",
        "credits clinical=1 → general=1",
    ):
        assert line in ran.out
    rows = shop.rows()
    assert rows["shop:c0"].price == 1250
    assert (str(rows["shop:c0"].seen_on), str(rows["shop:c4"].seen_on)) == (LATER, DAY)
    gone = rows["shop:c2"]
    assert str(gone.available_until) == "2026-11-28"
    assert gone.note == "Read by ceuplan. Withdrawn: not on the provider's pages on 2026-11-29."
    assert shop.refresh("--write", day="2026-12-06").out.startswith("shop: 10 rows read, nothing changed")


def test_course_that_comes_back_is_for_sale_again(shop):
    shop.opened()
    shop.sells(cards(COURSES[1:]))
    shop.refresh("--write", day=LATER)
    shop.sells(cards())

    ran = shop.refresh("--write", day="2026-12-06")

    assert "Back (1):\n    shop:c0" in ran.out
    assert shop.rows()["shop:c0"].available_until is None


def test_rows_kept_by_hand_are_never_overwritten(shop):
    """Tests the three ways a row is somebody's own: no mark, other evidence, and an id no page has."""
    shop.opened()
    text = shop.file.read_text("utf-8")
    text = text.replace("Infection control", "My own words").replace("Read by ceuplan.", "Mine.", 1)
    lines = text.splitlines(keepends=True)
    lines[2] = lines[2].replace(",provider,", ",user,").replace("11.00", "1.00")
    lines.append(lines[3].replace("shop:c2", "shop:own").replace("Read by ceuplan.", ""))
    shop.file.write_text("".join(lines), "utf-8")
    shop.sells(cards([course(number, price=f"{11 + number}.00") for number in range(10)]))

    ran = shop.refresh("--write", day=LATER)

    rows = shop.rows()
    assert ran.code == 0
    assert (rows["shop:c0"].title, rows["shop:c0"].price) == ("My own words", 1000)
    assert (rows["shop:c1"].price, rows["shop:c2"].price) == (100, 1300)
    assert rows["shop:own"].available_until is None
    assert "Kept by hand" in ran.out
    assert "title My own words → Infection control" in ran.out


def test_card_that_cannot_be_read_leaves_its_row_alone(shop):
    """Tests that a course is not called withdrawn while a card stands there that nobody could read."""
    shop.opened()
    shop.sells(cards([*COURSES[:9], course(9, price="5.00 - $60")]))
    before = shop.files()

    ran = shop.refresh("--write", day=LATER)

    assert (ran.code, shop.files()) == (0, before)
    assert "not read: card 10 (Emergency calls)" in ran.err
    assert "shop:c9 was not found, and is left as it is" in ran.err


def test_drift_is_taken_over_only_when_accepted(shop):
    shop.opened()
    shop.sells(cards(COURSES[:4]))
    before = shop.files()

    refused = shop.refresh("--write", day=LATER)
    assert (refused.code, shop.files()) == (8, before)
    assert "6 of 10 rows are gone, 60%" in refused.err
    assert "--accept shop" in refused.err

    accepted = shop.refresh("--write", "--accept", "shop", day=LATER)
    assert accepted.code == 0
    assert sum(one.available_until is None for one in shop.rows().values()) == 4


def test_refused_refresh_is_no_baseline(shop):
    """Tests that what was refused is refused again, however often it comes: the last good rows are the measure."""
    shop.opened()
    shop.sells(cards(COURSES[:4]))
    for week in range(3):
        ran = shop.refresh("--write", day=f"2026-12-{10 + week}")
        assert ran.code == 8
    assert "the last 3 refreshes were refused, none was good since 2026-11-22" in ran.err


def test_eight_refreshes_without_change_are_told(shop):
    shop.opened()
    told = [shop.refresh(day=f"2026-12-{10 + week}").err for week in range(8)]

    assert [("nothing changed in" in err) for err in told] == [False] * 7 + [True]
    assert "nothing changed in 8 refreshes, since 2026-11-22" in told[-1]


def test_pages_that_did_not_change_are_not_sent_again(shop):
    page = cards()

    def reply(send, headers, over):
        if headers.get("if-none-match") == '"one"':
            answer(b"", status=304, etag='"one"')(send, headers, over)
        else:
            answer(page, etag='"one"')(send, headers, over)

    shop.server.replies["/ce"] = reply
    assert shop.refresh("--write").code == 0
    assert shop.refresh(day=LATER).out.startswith("shop: 10 rows read, nothing changed")
    assert [headers.get("if-none-match") for path, headers in shop.server.asked if path == "/ce"] == [
        None,
        '"one"',
    ]


def test_mark_of_a_page_that_cannot_be_sent_back_is_not(shop):
    """Tests against an ETag of characters no header may have: the page is asked for as if it were new."""
    shop.sells(cards(), etag='"\xe9\x01"')
    for day in (DAY, LATER):
        assert shop.refresh("--write", day=day).code == 0
    assert all("if-none-match" not in headers for _, headers in shop.server.asked)


def test_saved_pages_are_parsed_again_without_the_network(shop):
    shop.opened()
    asked = len(shop.server.asked)

    ran = shop.refresh("--offline", day=LATER)

    assert ran.code == 0
    assert len(shop.server.asked) == asked


def test_saved_page_says_what_it_said_when_it_was_read(shop):
    shop.opened()
    when = json.loads(next((shop.cache / "shop" / "pages").glob("*.json")).read_text("utf-8"))["checked_at"]
    shop.file.write_text(shop.file.read_text("utf-8").replace("10.00", "12.00"), "utf-8")

    assert shop.refresh("--offline", "--write", day="2199-01-01").code == 0
    assert str(shop.rows()["shop:c0"].seen_on) == when[:10]


def test_page_that_was_kept_while_the_clock_was_wrong_is_asked_for_again(shop):
    shop.opened()
    for path in (shop.cache / "shop" / "pages").glob("*.json"):
        said = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(said | {"checked_at": "2199-01-01T00:00:00.000000+00:00"}), "utf-8")
    shop.sells(cards([course(0, price="12.50"), *COURSES[1:]]))

    assert "10.00 → 12.50" in shop.refresh(day=LATER).out


def test_page_is_kept_with_what_is_known_of_it(shop):
    shop.opened()
    (known,) = (shop.cache / "shop" / "pages").glob("*.json")
    said = json.loads(known.read_text("utf-8"))

    assert said["url"] == said["final_url"] == shop.server.url("/ce")
    assert said["status"] == 200
    assert said["robots"].endswith("(status 200): allowed")
    assert known.with_suffix(".body").read_bytes() == cards().encode()
    assert said["bytes"] == len(cards().encode())
    _, headers = shop.server.asked[-1]
    assert headers["user-agent"].startswith("ceuplan/")


def test_run_that_was_killed_goes_on_where_it_stopped(shop):
    """Tests with a real process and SIGKILL: what it had read is not asked for again."""
    shop.sells(cards(COURSES[:5], total=10, following="/ce?page=2"))
    shop.server.replies["/ce?page=2"] = silent
    script = "from optimizer.cli import main; main()"
    flags = ["--catalog", shop.catalog, "--cache", shop.cache, "--providers", shop.providers]
    flags += ["--private-addresses", "--pause", "0", "--time-limit", "60"]
    child = subprocess.Popen([sys.executable, "-c", script, "catalog", "refresh", *flags])
    while "/ce?page=2" not in shop.server.paths():
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()

    shop.sells(cards(COURSES[5:], total=10), "/ce?page=2")
    ran = shop.refresh()

    assert "10 rows read" in ran.out
    assert shop.server.paths().count("/ce") == 1
    shop.refresh()
    assert shop.server.paths().count("/ce") == 2


def test_json_shop_is_read_with_the_total_of_its_header(shop):
    shop.provide(JSON_PROVIDER, "/products?per_page=100")
    shop.sells(products(), "/products?per_page=100", content_type="application/json", X_WP_Total=10)

    ran = shop.refresh("--write")

    assert ran.code == 0
    assert shop.rows()["shop:3"].price == 1300


def test_total_that_is_no_longer_stated_is_missed(shop):
    shop.provide(JSON_PROVIDER, "/products?per_page=100")
    shop.sells(products(), "/products?per_page=100", content_type="application/json")

    ran = shop.refresh("--write")

    assert ran.code == 8
    assert "a number in the header X-WP-Total" in ran.err


def test_data_package_is_kept_true(shop):
    from catalogs.datapackage import package_text, write_package

    write_package(shop.catalog)
    shop.opened()

    assert (shop.catalog / "datapackage.json").read_text("utf-8") == package_text(shop.catalog)
    assert "shop.csv" in package_text(shop.catalog)


def test_columns_that_are_not_read_are_not_lost(shop):
    shop.opened()
    lines = shop.file.read_text("utf-8").splitlines()
    shop.file.write_text(
        "\n".join([lines[0] + ",mine", *(line + ",x" for line in lines[1:])]) + "\n", "utf-8"
    )
    shop.sells(cards([course(0, price="10.50"), *COURSES[1:]]))
    before = shop.files()

    ran = shop.refresh("--write", day=LATER)

    assert (ran.code, shop.files()) == (8, before)
    assert 'The column "mine" of' in ran.err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--write"], "say which folder, with --catalog"),
        (["--write", "--catalog", "nowhere"], "it is not a folder"),
        (["--provider", "shopp"], 'Did you mean "shop"?'),
        (["--accept", "x"], "no such provider can be read"),
        (["--pause", "0"], "--pause: 1 to 60 seconds"),
        (["--time-limit", "nan"], "--time-limit: 1 to 3600 seconds"),
        (["--contact", "a\nb"], "--contact: give a mail or web address"),
    ],
)
def test_flags_that_are_wrong_are_refused_in_words(shop, run, tmp_path, monkeypatch, flags, said):
    monkeypatch.chdir(tmp_path)
    ran = run("catalog", "refresh", "--providers", shop.providers, "--cache", shop.cache, *flags)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert shop.server.asked == []


def test_installed_package_is_not_written(shop, run, tmp_path):
    installed = tmp_path / "lib" / "site-packages" / "catalogs"
    installed.mkdir(parents=True)

    ran = run("catalog", "refresh", "--providers", shop.providers, "--catalog", installed, "--write")

    assert ran.code == 2
    assert "Copy the catalog" in ran.err
    assert "cp '" in ran.err


def test_link_into_an_installed_package_is_not_followed(shop, tmp_path):
    installed = tmp_path / "site-packages" / "catalogs"
    installed.mkdir(parents=True)
    shop.opened()
    shop.file.rename(installed / "shop.csv")
    shop.file.symlink_to(installed / "shop.csv")
    before = (installed / "shop.csv").read_bytes()
    shop.sells(cards([course(0, price="12.50"), *COURSES[1:]]))

    ran = shop.refresh("--write", day=LATER)

    assert (ran.code, (installed / "shop.csv").read_bytes()) == (8, before)
    assert "is a link into the installed program" in ran.err


def test_provider_cannot_be_called_passes(shop):
    text = (shop.providers / "shop.toml").read_text("utf-8")
    (shop.providers / "passes.toml").write_text(text.replace('id = "shop"', 'id = "passes"'), "utf-8")
    ran = shop.refresh("--write")
    assert ran.code == 4
    assert "passes.csv is no file of courses" in ran.err


def test_catalog_with_faults_is_refused_before_anything_is_read(shop):
    (shop.catalog / "kept.csv").write_text("offering_id,provider,title,credits\nx,y,z,-1\n", "utf-8")

    ran = shop.refresh("--write")

    assert ran.code == 3
    assert shop.server.asked == []


def test_pages_kept_before_the_rows_were_read_change_nothing(shop):
    """Tests that a catalog brought up to date elsewhere is not rolled back from old pages."""
    shop.opened()
    text = shop.file.read_text("utf-8").replace(DAY, "2027-03-01").replace("10.00", "12.00")
    shop.file.write_text(text, "utf-8")

    ran = shop.refresh("--write", "--offline", day="2027-03-02")

    assert ran.code == 8
    assert "the catalog has rows of 2027-03-01: read them again, not --offline" in ran.err + ran.out
    assert shop.file.read_text("utf-8") == text
