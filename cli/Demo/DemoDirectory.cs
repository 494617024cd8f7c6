using System.Security;

namespace Quorate.Cli.Demo;

/// <summary>The temporary directory of one demo: the configuration, the nodes' state, the database, the log and what the agents write.</summary>
internal sealed class DemoDirectory
{
    private const string PlaceInConfiguration = "/tmp/quorate-demo";
    private const string MountsFile = "/proc/self/mounts";

    private DemoDirectory(string root, string agents)
    {
        Root = root;
        AgentDirectory = agents;
    }

    public string Root { get; }

    /// <summary>Where the demo's agents are, in the source tree.</summary>
    public string AgentDirectory { get; }

    public string ConfigurationFile => Path.Combine(Root, "cluster.conf");

    public string Database => Path.Combine(Root, "cluster.db");

    public string LogFile => Path.Combine(Root, "log");

    public string Witness => Path.Combine(Root, "witness");

    public string StateOf(string node) => Path.Combine(Root, "nodes", node);

    /// <summary>Makes the directory, with the configuration in it.</summary>
    /// <exception cref="FileNotFoundException">The examples are not beside the program.</exception>
    public static DemoDirectory Create()
    {
        string examples = FindExamples();
        string root = Directory.CreateTempSubdirectory("quorate-demo-").FullName;
        string text = File.ReadAllText(Path.Combine(examples, "demo", "cluster.conf"));
        DemoDirectory made = new(root, Path.Combine(examples, "agents"));
        File.WriteAllText(made.ConfigurationFile, text.Replace($"\"{PlaceInConfiguration}/", $"\"{SecurityElement.Escape(root)}/", StringComparison.Ordinal));
        return made;
    }

    /// <summary>Removes it; false, with nothing removed, while something is still mounted below it.</summary>
    public bool TryRemove()
    {
        if (File.ReadLines(MountsFile).Any(line => line.Contains($" {Root}/", StringComparison.Ordinal)))
        {
            return false;
        }

        Directory.Delete(Root, recursive: true);
        return true;
    }

    private static string FindExamples()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string examples = Path.Combine(folder.FullName, "examples");
            if (File.Exists(Path.Combine(examples, "demo", "cluster.conf")))
            {
                return examples;
            }
        }

        throw new FileNotFoundException($"examples/demo/cluster.conf is in no directory above {AppContext.BaseDirectory}: the demo runs from a clone of the source");
    }
}
