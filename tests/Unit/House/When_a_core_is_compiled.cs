using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// Decisions are pure (DESIGN 1). The analyzer says so while compiling; this reads the compiled cores, so that a silenced warning
/// does not go unseen.
/// </summary>
public sealed partial class When_a_core_is_compiled
{
    // The compiler writes this call into every iterator method; a core cannot decide anything by it.
    private const string IteratorThreadCheck = "System.Environment.get_CurrentManagedThreadId";

    private static readonly string[] MustBeBanned =
    [
        "P:System.DateTime.UtcNow", "P:System.DateTimeOffset.UtcNow", "T:System.Diagnostics.Stopwatch", "T:System.TimeProvider",
        "T:System.Random", "M:System.Guid.NewGuid", "T:System.IO.File", "T:System.Net.Http.HttpClient",
        "T:System.Threading.Tasks.Task", "T:System.Threading.Thread", "T:System.Diagnostics.Process", "T:System.Console",
        "T:System.Environment",
    ];

    public static TheoryData<string> EveryCore =>
    [
        .. Repository.Files(".csproj").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name == "Quorate.Model" || name.EndsWith(".Core", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Clock_chance_files_tasks_and_processes_are_banned_and_each_ban_says_why()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "BannedSymbols.txt"));

        Assert.Empty(MustBeBanned.Except(lines.Select(line => line.Split(';')[0])));
        Assert.All(lines.Where(line => line.Length > 0), line => Assert.Matches(@"^[TMP]:[\w.`]+;.+\.$", line));
    }

    [Fact]
    public void The_bans_are_switched_on_for_every_core_and_the_model()
    {
        XElement build = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Root!;

        string condition = build.Descendants("IsCore").Single(element => element.Value == "true").Attribute("Condition")!.Value;
        XElement group = build.Descendants("PackageReference")
            .Single(package => package.Attribute("Include")!.Value == "Microsoft.CodeAnalysis.BannedApiAnalyzers").Parent!;

        Assert.Contains(".EndsWith('.Core')", condition, StringComparison.Ordinal);
        Assert.Contains("'Quorate.Model'", condition, StringComparison.Ordinal);
        Assert.Equal("'$(IsCore)' == 'true'", group.Attribute("Condition")!.Value);
        Assert.EndsWith("BannedSymbols.txt", group.Element("AdditionalFiles")!.Attribute("Include")!.Value, StringComparison.Ordinal);
        Assert.Contains(build.Descendants("TreatWarningsAsErrors"), element => element.Value == "true");
    }

    [Theory]
    [MemberData(nameof(EveryCore))]
    public void Nothing_banned_is_called_by_the_compiled_core(string core)
    {
        string[] banned = [.. File.ReadAllLines(Path.Combine(Repository.Root, "BannedSymbols.txt")).Where(line => line.Length > 0)
            .Select(line => line.Split(';')[0])];
        string assembly = Path.Combine(AppContext.BaseDirectory, core + ".dll");
        Assert.True(File.Exists(assembly), $"{core} is not referenced by the unit tests: reference it, so that it is looked at");

        var calls = MembersCalled(assembly).Where(member => member != IteratorThreadCheck && banned.Any(ban => IsBannedBy(ban, member)));

        Findings.AssertNone($"{core} calls what a decision must not.", calls);
    }

    [Fact]
    public void No_core_silences_the_ban()
    {
        var silenced = Repository.Files(".cs").Select(Repository.Relative)
            .Where(file => file.StartsWith("model/", StringComparison.Ordinal) || file.Contains("/core/", StringComparison.Ordinal))
            .Where(file => Silencing().IsMatch(File.ReadAllText(Path.Combine(Repository.Root, file))));

        Findings.AssertNone("Pass in what is needed as a value.", silenced);
    }

    // "T:" bans every member of a type, "M:" a method by name, "P:" a property's getter.
    private static bool IsBannedBy(string ban, string member) => ban[0] switch
    {
        'T' => member.StartsWith(ban[2..] + ".", StringComparison.Ordinal),
        'P' => member == GetterOf(ban[2..]),
        _ => member == ban[2..],
    };

    private static string GetterOf(string property)
    {
        int dot = property.LastIndexOf('.');
        return $"{property[..dot]}.get_{property[(dot + 1)..]}";
    }

    private static IReadOnlyList<string> MembersCalled(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        return
        [
            .. metadata.MemberReferences.Select(metadata.GetMemberReference)
                .Where(member => member.Parent.Kind is HandleKind.TypeReference)
                .Select(member => $"{FullName(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}")
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    [GeneratedRegex(@"pragma\s+warning\s+disable.*RS0030|SuppressMessage.*RS0030")]
    private static partial Regex Silencing();
}
