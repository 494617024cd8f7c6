using System.Text.RegularExpressions;

namespace Quorate.Tests.Unit.House;

/// <summary>The rules of CONTRIBUTING.md that a text search can hold.</summary>
public sealed partial class When_a_source_file_is_read
{
    private const int LinesMax = 400;

    // A longer file states its reason in a comment that starts like this.
    private const string LongFileReason = "// Longer than 400 lines because ";

    private static readonly Lazy<IReadOnlyList<SourceFile>> Sources = new(() =>
        [.. Repository.Files(".cs").Select(file => new SourceFile(Repository.Relative(file), File.ReadAllText(file)))]);

    [Fact]
    public void No_type_is_called_a_manager_helper_or_utility()
    {
        var vague = Sources.Value.SelectMany(source => TypeDeclaration().Matches(source.Text)
            .Select(match => match.Groups["name"].Value).Where(name => VagueName().IsMatch(name))
            .Select(name => $"{source.Path}: {name}"));

        Findings.AssertNone("Name these for what they do.", vague);
    }

    [Fact]
    public void A_file_over_400_lines_says_why()
    {
        var unexplained = Sources.Value.Where(source => source.Text.AsSpan().Count('\n') > LinesMax)
            .Where(source => !source.Text.Contains(LongFileReason, StringComparison.Ordinal))
            .Select(source => $"{source.Path}: {source.Text.AsSpan().Count('\n')} lines");

        Findings.AssertNone($"Split these, or begin a comment with \"{LongFileReason}\".", unexplained);
    }

    [Fact]
    public void The_namespace_is_the_folder()
    {
        // A program of one file, as examples/ has them, is no part of a project.
        var misplaced = Sources.Value.Where(source => !source.Text.StartsWith("#:", StringComparison.Ordinal))
            .Select(source => (source.Path, Declared: Namespace().Match(source.Text).Groups["name"].Value, Expected: NamespaceOf(source.Path)))
            .Where(file => file.Declared.Length > 0 && file.Declared != file.Expected)
            .Select(file => $"{file.Path}: {file.Declared}, expected {file.Expected}");

        Findings.AssertNone("Move the file or correct its namespace.", misplaced);
    }

    [Fact]
    public void A_file_holds_one_public_type_and_has_its_name()
    {
        var crowded = Sources.Value.Where(source => !source.Path.StartsWith("tests/", StringComparison.Ordinal))
            .Select(source => (source.Path, Types: PublicTypes(source.Text)))
            .Where(file => file.Types.Count > 1 || (file.Types.Count == 1 && file.Types[0] != NameOf(file.Path)))
            .Select(file => $"{file.Path}: {string.Join(", ", file.Types)}");

        Findings.AssertNone("Give each public type a file of its name.", crowded);
    }

    [Fact]
    public void Work_is_never_fired_and_forgotten()
    {
        var blocking = Sources.Value.SelectMany(source => FireAndForget().Matches(source.Text)
            .Select(match => $"{source.Path}: {match.Value.Trim()}"));

        Findings.AssertNone("Await the work, or give it to a hosted service that can be stopped.", blocking);
    }

    private static List<string> PublicTypes(string text) =>
        [.. TypeDeclaration().Matches(text).Where(match => match.Groups["access"].Value == "public").Select(match => match.Groups["name"].Value)];

    // Lifecycle.Starting.cs is a part of Lifecycle.
    private static string NameOf(string path) => Path.GetFileName(path).Split('.')[0];

    private static string NamespaceOf(string path)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, path))!;
        string below = "";
        while (Directory.GetFiles(folder, "*.csproj") is not [var project])
        {
            below = $".{Path.GetFileName(folder)}{below}";
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"{path} belongs to no project");
        }

        return Path.GetFileNameWithoutExtension(Directory.GetFiles(folder, "*.csproj")[0]) + below;
    }

    private sealed record SourceFile(string Path, string Text);

    [GeneratedRegex(@"^(?<access>public|internal|file)?[ ]?(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|record struct|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("Managers?$|Helpers?$|Util|Info$|Data$")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\basync void \w+|\.GetAwaiter\(\)\.GetResult\(\)|^\s*_ = \w+Async\(.*$", RegexOptions.Multiline)]
    private static partial Regex FireAndForget();
}
