using System.Reflection;
using System.Text.RegularExpressions;
using Quorate.Contracts.Catalogue;
using Quorate.Model.Configuration;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// Every message that can happen is made to happen by a test that is tagged with its number, <c>[Trait("Message", "33")]</c>, so that the catalogue
/// promises nothing that nobody has seen.
/// </summary>
/// <remarks>Source: DESIGN 7, "provoked by at least one tagged test".</remarks>
public sealed class When_every_number_is_provoked
{
    /// <summary>These come with the rmtab service; each leaves this list with its first tagged test.</summary>
    private static readonly int[] ComeWithTheRmtabService = [15, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 62, 63, 64, 65, 72, 73];

    private static readonly Lazy<IReadOnlyList<TaggedTest>> Tagged = new(() => [.. Repository.Files(".cs")
        .Select(file => (Name: Repository.Relative(file), File: file))
        // This folder looks at sources and makes nothing happen.
        .Where(file => file.Name.StartsWith("tests/", StringComparison.Ordinal) && !file.Name.StartsWith("tests/Unit/House/", StringComparison.Ordinal))
        .SelectMany(file => TaggedTest.In(file.Name, File.ReadAllText(file.File)))]);

    [Fact]
    public void No_number_that_can_happen_lacks_a_tagged_test()
    {
        HashSet<int> provoked = [.. Tagged.Value.Select(test => test.Number)];

        Findings.AssertNone(
            "Provoke these in a test with [Trait(\"Message\", \"NN\")], or say in the catalogue why they cannot happen.",
            MessageCatalogue.All.Where(definition => definition.IsPossible).Select(definition => definition.Number).Distinct()
                .Except(provoked).Except(ComeWithTheRmtabService)
                .Select(number => MessageCatalogue.Find(number)[0].Headline));
    }

    [Fact]
    public void No_tag_names_a_number_that_does_not_exist_or_cannot_happen()
    {
        HashSet<int> possible = [.. MessageCatalogue.All.Where(definition => definition.IsPossible).Select(definition => definition.Number)];

        Findings.AssertNone("Correct or remove these tags.", Tagged.Value.Where(test => !possible.Contains(test.Number)).Select(test => test.Where));
    }

    [Fact]
    public void A_tagged_test_looks_for_its_number()
    {
        Findings.AssertNone(
            "Assert in these tests that the message came, by its number, #NN, QNNNN or its name.",
            Tagged.Value.Where(test => !LooksForItsNumber(test)).Select(test => test.Where));
    }

    [Fact]
    public void Nothing_waits_for_the_rmtab_service_that_is_provoked_already_or_is_not_its_own()
    {
        HashSet<int> provoked = [.. Tagged.Value.Select(test => test.Number)];
        int[] own = [.. MessageCatalogue.All.Where(definition => definition.Component == MessageComponent.Rmtab && definition.IsPossible).Select(definition => definition.Number), 72, 73];

        Assert.Equal(ComeWithTheRmtabService, ComeWithTheRmtabService.Except(provoked));
        Assert.Empty(ComeWithTheRmtabService.Except(own));
    }

    [Fact]
    public void The_numbers_that_cannot_happen_are_few_and_say_why()
    {
        Assert.Equal([19], MessageCatalogue.All.Where(definition => !definition.IsPossible).Select(definition => definition.Number));
        Assert.All(MessageCatalogue.All.Where(definition => !definition.IsPossible), definition => Assert.NotEmpty(definition.WhyImpossible!));
    }

    /// <summary>What the search above rests on.</summary>
    [Theory]
    [InlineData("[Fact, Trait(\"Message\", \"33\")]\n    public void A() => Assert.Equal(33, number);", true)]
    [InlineData("[Fact, Trait(\"Message\", \"33\")]\n    public void A() => Assert.Equal(330, number);", false)]
    [InlineData("[Fact]\n    [Trait(\"Message\", \"33\")]\n    public void A()\n    {\n        Raise();\n    }\n\n    private void B() => Assert.Equal(33, number);", false)]
    [InlineData("[Fact]\n    [Trait(\"Message\", \"33\")]\n    public void A()\n    {\n        Raise();\n    }\n\n    private void Raise() => Assert.StartsWith(\"#33: \", text);", true)]
    [InlineData("[Theory]\n    [InlineData(33), Trait(\"Message\", \"33\")]\n    public void A(int number)\n    {\n        Assert.Equal(number, Raised());\n    }", true)]
    [InlineData("/// <summary>Message #33.</summary>\n    [Fact]\n    [Trait(\"Message\", \"33\")]\n    public void A()\n    {\n        // #33\n    }", false)]
    [InlineData("[Fact, Trait(\"Message\", \"33\")]\n    public void A()\n    {\n        Assert.Equal(CatalogueMessage.EvaluationLockFailed, id);\n    }", true)]
    [InlineData("[Fact, Trait(\"Message\", \"1042\")]\n    public void A() => Assert.Equal(ProblemCode.UnresolvedReference, code);", true)]
    public void A_trace_is_the_number_in_the_test_or_the_message_anywhere_in_its_file(string source, bool isTrace)
    {
        TaggedTest test = Assert.Single(TaggedTest.In("x.cs", $"public sealed class X\n{{\n    {source}\n}}\n"));

        Assert.Equal(isTrace, LooksForItsNumber(test));
    }

    /// <summary>A bare number counts in the test alone, since a file is full of them; whatever names the message counts in its helpers too.</summary>
    private static bool LooksForItsNumber(TaggedTest test) =>
        Regex.IsMatch(test.Text, $@"(?<![\w.#]){test.Number}(?![\w.])") || NamesOf(test.Number).Any(name => Regex.IsMatch(test.FileText, $@"{name}\b"));

    private static IEnumerable<string> NamesOf(int number) =>
    [
        $"#{number}",
        $"Q{number}",
        .. MessageCatalogue.Find(number).Select(definition => $"{nameof(CatalogueMessage)}.{definition.Name}"),
        .. typeof(ProblemCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => (string)field.GetRawConstantValue()! == $"Q{number}") // all of them are constants
            .Select(field => $"{nameof(ProblemCode)}.{field.Name}"),
    ];
}
