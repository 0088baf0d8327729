"""Import and access: what is hidden or of another organisation cannot be reached, and no answer tells of it."""

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.ledger.models import Event
from plumbline.organisation.models import Person, Site
from plumbline.organisation.roles import Role

from .importing import LIST, Case


class AccessTest(Case):
    def setUp(self) -> None:
        super().setUp()
        self.bob = self.acme.client(self.acme.bob)

    def test_a_hidden_record_answers_like_a_number_that_is_not_there(self) -> None:
        hidden = self.make("Layoffs", confidential=True)
        theirs = self.make("Of Brightco", company=self.other, number="NC-BRIGHT-1")
        before = Event.objects.count()
        text = f"Number,Title\n{hidden.number},Taken over\nNC-1999-999,Taken over\n{theirs.number},Taken over\n"
        run = self.checked(text, client=self.bob, changing="yes")
        self.assertEqual(run.counts, {"wrong": 3})
        self.assertEqual(
            {str(errors) for errors in self.errors(run)}, {"[['Number', 'No record of this number was found.']]"}
        )
        for page in ("", "errors.xlsx"):
            answer = self.bob.get(f"{LIST}import/{run.uid}/{page}")
            self.assertEqual(answer.status_code, 200)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            self.assertNotIn(b"Layoffs", content)
        self.assertEqual(self.do(run, "import", self.bob).state, "done")
        hidden.refresh_from_db()
        self.assertEqual((hidden.title, Event.objects.count()), ("Layoffs", before))

    def test_the_proposal_does_not_tell_of_hidden_numbers_either(self) -> None:
        hidden = self.make("Layoffs", confidential=True)
        with_hidden = self.begun(f"Number,Title\n{hidden.number},A\n", client=self.bob)
        with_nothing = self.begun("Number,Title\nNC-1999-999,A\n", client=self.bob)
        self.assertEqual(with_hidden.changing, with_nothing.changing)

    def test_pointers_to_another_organisation_or_to_what_is_hidden_are_not_found(self) -> None:
        actions.create(Site, by=self.other.actor, name="Plant 9")
        actions.create(Person, by=self.other.actor, name="Zoe Far", email="zoe@far.example")
        text = "Title,Description,Site,Owner\nA,d,Plant 9,zoe@far.example\n"
        said = dict(self.errors(self.checked(text))[0])
        self.assertEqual(said["Site"], "No site “Plant 9” was found.")
        self.assertEqual(said["Owner"], "No person “zoe@far.example” was found.")

    def test_records_are_pointed_to_among_those_that_are_seen(self) -> None:
        values = {"title": "Layoffs", "lead": self.acme.ann, "confidential": True}
        audit = actions.create(register_of("audit"), by=self.acme.actor, **values)
        text = f"Of audit,Title,Text\n{audit.number},A,t\nAUD-1999-9,A,t\n"
        found = "/acme/findings/"
        run = self.do(
            self.begun(text, client=self.bob, place=found), "check", self.bob, found, **{"column-0": "of_audit"}
        )
        told = {errors[0][1].replace(audit.number, "#").replace("AUD-1999-9", "#") for errors in self.errors(run)}
        self.assertEqual(told, {"No audit “#” was found."})

    def test_an_import_is_seen_by_who_began_it_and_by_nobody_else(self) -> None:
        run = self.checked("Title,Description\nSecret plan,d\n")
        for client in (self.bob, self.other.client(self.other.ann)):
            for page in ("", "errors.xlsx"):
                self.assertEqual(client.get(f"{LIST}import/{run.uid}/{page}").status_code, 404)
            self.assertEqual(client.post(f"{LIST}import/{run.uid}/", {"do": "import"}).status_code, 404)
        self.assertNotContains(self.bob.get(f"{LIST}import/"), "list.csv")
        self.assertEqual(self.client.get(f"/acme/actions/import/{run.uid}/").status_code, 404)

    def test_who_only_reads_gets_no_page_and_no_button(self) -> None:
        cleo = self.acme.client(self.acme.cleo)
        self.assertEqual(cleo.get(f"{LIST}import/").status_code, 403)
        self.assertEqual(self.upload("Title\nA\n", client=cleo).status_code, 403)
        self.make()
        self.assertNotContains(cleo.get(LIST), "import/")

    def test_the_rights_are_those_of_the_register_and_of_the_record(self) -> None:
        run = self.do(
            self.begun("Titel,Art\nA,procedure\n", client=self.bob, place="/acme/documents/"),
            "check",
            self.bob,
            "/acme/documents/",
        )
        self.assertIn("Only for", str(self.errors(run)))
        record = self.make("Ann's own")
        run = self.checked(f"Number,Title\n{record.number},Bob's now\n", client=self.bob)
        self.assertIn("Only for", str(self.errors(run)))

    def test_whoever_may_no_longer_write_stops_in_the_middle(self) -> None:
        dora = self.acme.join("Dora", "dora@acme.example", Role.QUALITY)
        client = self.acme.client(dora)
        run = self.checked("Title,Description\nA,d\n", client=client)
        actions.edit(dora, by=self.acme.actor, ended_on="2020-01-01")
        run.note(state="importing")
        from plumbline.faces.sheets import working

        working.work()
        run.refresh_from_db()
        self.assertEqual((run.state, self.records.count()), ("stopped", 0))

    def test_the_choices_stand_in_the_quotes_of_the_language(self) -> None:
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
        run = self.checked("Title,Description,Grade\nBurr,d,awful\n")
        self.assertIn("„Geringfügig“", dict(self.errors(run)[0])["Grade"])
