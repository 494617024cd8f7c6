using System.Text;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// docs/resource-types.md says of each type of rgmanager which agent runs it, which attribute becomes which parameter, and which stays behind.
/// It is made from the rule files; <c>QUORATE_REWRITE=1</c> writes it anew.
/// </summary>
public sealed class When_the_resource_types_are_documented
{
    private const string Introduction = """
        # Resource types

        Generated from the rule files in `agents/` by the test `When_the_resource_types_are_documented`; not written by hand.

        The types of rgmanager keep their names and attributes; a node runs them with the OCF agents of Debian's `resource-agents`. An attribute
        that stays behind has no effect, because the agent knows nothing like it. Any other OCF agent is a resource of its own:
        `<ocf agent="heartbeat:nginx" name="web" configfile="/etc/nginx/nginx.conf"/>`, and any init script is `<script file="/etc/init.d/x"/>`.

        """;

    private const string Instead = """

        ## Where there is no agent that does the same

        | type | instead |
        |---|---|
        | `samba`, `smb` | `<systemd name="samba" unit="smbd.service"/>` or `<script name="samba" file="/etc/init.d/smbd"/>`; the shares' file systems and address as before |
        | `tomcat-5`, `tomcat-6` | `<ocf agent="heartbeat:tomcat" java_home="..." catalina_home="..."/>`: the agent needs both, and rgmanager's type had neither |
        | `drbd` | a promoted DRBD device needs `ocf:linbit:drbd` of `drbd-utils`, which comes with a promoted role; not supported yet |
        | `oracledb` with a listener | the database alone is started; the listener is `<ocf agent="heartbeat:oralsnr" sid="..." listener="..."/>` beside it |
        | `netfs` with `fstype="cifs"` | `<ocf agent="heartbeat:Filesystem" device="//host/share" directory="..." fstype="cifs"/>` |

        """;

    private static readonly string Document = Path.Combine(Repository.Root, "docs", "resource-types.md");

    /// <summary>Given by the tree or by the service, and for rgmanager's own agents only.</summary>
    private static readonly string[] NotForAgents = ["service_name", "nfslock", "svcname"];

    [Fact]
    public void The_document_says_what_the_rule_files_say()
    {
        string now = Describe();
        if (Environment.GetEnvironmentVariable("QUORATE_REWRITE") == "1")
        {
            File.WriteAllText(Document, now);
        }

        Assert.Equal(now, File.Exists(Document) ? File.ReadAllText(Document).ReplaceLineEndings("\n") : "");
    }

    private static string Describe()
    {
        StringBuilder text = new(Introduction.ReplaceLineEndings("\n") + "\n");
        text.Append("| type | run by | attribute becomes parameter | stays behind |\n|---|---|---|---|\n");
        foreach (ResourceType type in ResourceTypeCatalog.BuiltIn.Types.OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            text.Append($"| `{type.Name}` | {RunBy(type)} | {string.Join(", ", Becomes(type))} | {string.Join(", ", StaysBehind(type))} |\n");
        }

        return text.Append(Instead.ReplaceLineEndings("\n")).ToString();
    }

    private static string RunBy(ResourceType type) => type.Agent switch
    {
        null => "nothing yet",
        { Class: AgentClass.Group } => "nothing: it groups others",
        { Class: AgentClass.Lsb } => "the init script in `file`",
        { Class: AgentClass.Systemd } => "the systemd unit in `unit`",
        { AgentAttribute: { Length: > 0 } attribute } => $"the agent in `{attribute}`",
        { } agent => $"ocf:{agent.Provider}:{agent.Type}",
    };

    private static IEnumerable<string> Becomes(ResourceType type)
    {
        if (type.Agent is not { Class: AgentClass.Ocf } agent)
        {
            return [];
        }

        bool passesAll = agent.Maps.IsEmpty && agent.Splits.IsEmpty && agent.Joins.IsEmpty;
        return passesAll
            ? ["all of them, as they are"]
            : [
                .. agent.Maps.Select(map => $"{map.Attribute}: {map.Parameter}{(map.IsDirectory ? " (its directory)" : "")}"),
                .. agent.Joins.Select(join => $"{join.First}{join.Separator}{join.Rest}: {join.Parameter}"),
                .. agent.Splits.Select(split => $"{split.Attribute}: {split.First}, {split.Rest}"),
                .. agent.FixedParameters.Select(parameter => $"{parameter.Key}={parameter.Value} unless set"),
            ];
    }

    private static IEnumerable<string> StaysBehind(ResourceType type)
    {
        if (type.Agent is not { Class: AgentClass.Ocf } agent || (agent.Maps.IsEmpty && agent.Splits.IsEmpty && agent.Joins.IsEmpty))
        {
            return [];
        }

        HashSet<string> used =
        [
            .. NotForAgents, .. agent.Maps.Select(map => map.Attribute), .. agent.Splits.Select(split => split.Attribute),
            .. agent.Joins.SelectMany(join => new[] { join.First, join.Rest }),
            .. type.Parameters.Where(parameter => parameter.IsPrimary).Select(parameter => parameter.Name),
        ];
        return type.Parameters.Select(parameter => parameter.Name).Where(name => !used.Contains(name) && !IsOfServices(type, name));
    }

    /// <summary>What the scheduler reads of a virtual machine, as of any service.</summary>
    private static bool IsOfServices(ResourceType type, string name) => type.Name == "vm"
        && name is "domain" or "autostart" or "exclusive" or "recovery" or "depend" or "depend_mode" or "max_restarts" or "restart_expire_time" or "on_stop_failure";
}
