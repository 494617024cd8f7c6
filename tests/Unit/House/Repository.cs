namespace Quorate.Tests.Unit.House;

/// <summary>The source tree these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", ".git", ".lab", "artifacts", "node_modules"];

    /// <summary>The folder that holds the solution, found upwards from the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files of our own with one extension, as full paths in ordinal order.</summary>
    public static IReadOnlyList<string> Files(string extension) =>
        [.. Walk(Root).Where(file => file.EndsWith(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>A full path as people write it: from the root, with slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(child => !NotSource.Contains(Path.GetFileName(child)) && !Path.GetFileName(child).StartsWith('.'))
                .SelectMany(Walk));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Quorate.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Quorate.slnx above {AppContext.BaseDirectory}: run the tests from a checkout");
    }
}
