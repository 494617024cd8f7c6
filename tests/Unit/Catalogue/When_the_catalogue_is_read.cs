using Quorate.Contracts.Catalogue;
using Quorate.Tests.Unit.House;

namespace Quorate.Tests.Unit.Catalogue;

/// <summary>Source: the operators' document of 75 numbered messages; rgmanager's log levels.</summary>
public sealed class When_the_catalogue_is_read
{
    private const int OriginalNumbersMax = 75;

    // A run of words this long that stands in the document too was copied, not written.
    private const int CopiedWordsMin = 8;

    public static TheoryData<CatalogueMessage> EveryMessage => [.. MessageCatalogue.All.Select(definition => definition.Id)];

    [Fact]
    public void Every_number_from_1_to_75_is_there_and_only_55_has_two_texts()
    {
        var texts = MessageCatalogue.All.Where(definition => definition.Number < MessageCatalogue.OwnNumbersFrom)
            .CountBy(definition => definition.Number).ToDictionary();

        Assert.Equal(Enumerable.Range(1, OriginalNumbersMax), texts.Keys.Order());
        Assert.Equal([55], texts.Where(entry => entry.Value > 1).Select(entry => entry.Key));
        Assert.Equal(2, texts[55]);
    }

    [Fact]
    public void Every_name_is_defined_exactly_once()
    {
        Assert.Equal(Enum.GetValues<CatalogueMessage>().Order(), MessageCatalogue.All.Select(definition => definition.Id).Order());
    }

    [Fact]
    public void Definitions_come_in_the_order_of_their_numbers()
    {
        Assert.Equal(MessageCatalogue.All.OrderBy(definition => definition.Number).ThenBy(definition => definition.Variant), MessageCatalogue.All);
    }

    [Fact]
    public void Our_own_numbers_start_at_1000_and_stay_below_the_variants()
    {
        Assert.All(
            MessageCatalogue.All.Where(definition => definition.Number > OriginalNumbersMax),
            definition => Assert.InRange(definition.Number, MessageCatalogue.OwnNumbersFrom, MessageDefinition.VariantStep - 1));
    }

    [Fact]
    public void Numbers_names_severities_and_wordings_are_those_that_operators_know()
    {
        string[] listing = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Unit", "Catalogue", "messages.txt"));

        string[] catalogue = [.. MessageCatalogue.All.Select(definition =>
            $"{definition.Number} {definition.Variant} {definition.Name} {JsonName(definition.Severity)} {definition.Template}")];

        Assert.Equal(listing.Where(line => !line.StartsWith('#')), catalogue);
    }

    [Fact]
    public void Wordings_are_those_of_the_operators_document()
    {
        // Where the document is not beside the checkout, the listing above is what holds the wording.
        if (OperatorsDocument.Text is not { } document)
        {
            return;
        }

        Assert.Equal(
            OperatorsDocument.Headlines(document).OrderBy(headline => headline.Number).Select(headline => $"#{headline.Number}: {headline.Wording}"),
            MessageCatalogue.All.Where(definition => definition.Number <= OriginalNumbersMax).Select(definition => definition.Headline));
    }

    [Theory]
    [MemberData(nameof(EveryMessage))]
    public void Cause_and_remedy_are_whole_sentences(CatalogueMessage message)
    {
        MessageDefinition definition = MessageCatalogue.Of(message);

        Assert.All([definition.Cause, definition.Remedy, definition.WhyImpossible ?? definition.Cause], AssertSentences);
    }

    [Fact]
    public void Causes_and_remedies_are_our_own_words()
    {
        if (OperatorsDocument.Text is not { } document)
        {
            return;
        }

        HashSet<string> known = [.. Runs(document)];

        var copied = MessageCatalogue.All.Where(definition => definition.Number <= OriginalNumbersMax)
            .SelectMany(definition => Runs(definition.Cause).Concat(Runs(definition.Remedy)).Where(known.Contains)
                .Select(run => $"#{definition.Number}: {run}"));

        Assert.Empty(copied);
    }

    [Theory]
    [MemberData(nameof(EveryMessage))]
    public void Holes_have_distinct_names_a_logger_takes(CatalogueMessage message)
    {
        MessageDefinition definition = MessageCatalogue.Of(message);

        Assert.Distinct(definition.Holes);
        Assert.All(definition.Holes, hole => Assert.Matches("^[A-Z][A-Za-z]+$", hole));
    }

    [Fact]
    public void Only_19_can_no_longer_happen_and_says_why()
    {
        MessageDefinition impossible = Assert.Single(MessageCatalogue.All, definition => !definition.IsPossible);

        Assert.Equal(19, impossible.Number);
        Assert.NotEmpty(impossible.WhyImpossible!);
    }

    [Fact]
    public void A_number_finds_all_its_texts_and_an_unknown_one_finds_none()
    {
        Assert.Equal(
            [CatalogueMessage.StopEndStateNotWritten, CatalogueMessage.MarkFailedLockFailed],
            MessageCatalogue.Find(55).Select(definition => definition.Id));
        Assert.Equal(CatalogueMessage.EvaluationLockFailed, Assert.Single(MessageCatalogue.Find(33)).Id);
        Assert.Empty(MessageCatalogue.Find(0));
        Assert.Empty(MessageCatalogue.Find(76));
        Assert.Empty(MessageCatalogue.Find(10_055));
    }

    private static void AssertSentences(string text)
    {
        Assert.True(char.IsUpper(text[0]), $"starts like the middle of a sentence: {text}");
        Assert.True(text[^1] == '.', $"does not end with a full stop: {text}");
        Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
        Assert.True(OperatorsDocument.Words(text).Length >= 6, $"too short for a sentence: {text}");
    }

    private static IEnumerable<string> Runs(string text)
    {
        string[] words = OperatorsDocument.Words(text);
        return Enumerable.Range(0, Math.Max(0, words.Length - CopiedWordsMin + 1))
            .Select(start => string.Join(' ', words[start..(start + CopiedWordsMin)]));
    }

    private static string JsonName(MessageSeverity severity) =>
        System.Text.Json.JsonSerializer.Serialize(severity).Trim('"');
}
