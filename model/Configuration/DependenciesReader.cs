using System.Collections.Immutable;
using System.Xml.Linq;
using Quorate.Contracts;

namespace Quorate.Model.Configuration;

/// <summary>Reads what services ask of each other, and finds what can never be.</summary>
/// <remarks>Source: rgmanager.md 3.11 and 4.6: <c>dependencies/dependency[@name]/target[@name @require @colocate]</c>.</remarks>
internal static class DependenciesReader
{
    /// <summary>The services with what stands below <c>dependencies</c> added to each, and without what names no service.</summary>
    public static ImmutableArray<ServiceDefinition> Read(XElement rm, ImmutableArray<ServiceDefinition> services, ProblemList problems)
    {
        Dictionary<ServiceName, ServiceDefinition> byName = services.ToDictionary(service => service.Name);
        foreach (ServiceDefinition service in services)
        {
            foreach (ServiceName unknown in service.Dependencies.Select(dependency => dependency.Target).Where(target => !byName.ContainsKey(target)))
            {
                // Source: rgmanager.md 3.11: one whose state nobody knows counts as met.
                problems.Add(
                    ConfigSeverity.Error,
                    ProblemCode.UnknownDependency,
                    service.Line,
                    $"{service.Name} depends on {unknown}, which is not configured: it starts without it; configure {unknown} or correct the name");
            }

            byName[service.Name] = service with { Dependencies = [.. service.Dependencies.Where(dependency => byName.ContainsKey(dependency.Target))] };
        }

        if (ClusterConfigurationReader.Section(rm, "dependencies", problems) is { } section)
        {
            foreach (XElement element in section.Elements())
            {
                ReadDependency(element, byName, problems);
            }
        }

        ImmutableArray<ServiceDefinition> read = [.. services.Select(service => byName[service.Name])];
        ReportCircles(read, byName, problems);
        return read;
    }

    private static void ReadDependency(XElement element, Dictionary<ServiceName, ServiceDefinition> byName, ProblemList problems)
    {
        if (element.Name.LocalName != "dependency" || element.Text("name") is not { } name)
        {
            problems.Error(
                ProblemCode.BadDependency, element, $"<{element.Name.LocalName}> below <dependencies> was skipped: <dependency name=\"SERVICE\"> is expected there");
            return;
        }

        if (!byName.TryGetValue(ServiceName.Parse(name), out ServiceDefinition? service))
        {
            problems.Error(
                ProblemCode.UnknownDependency, element, $"a dependency of {ServiceName.Parse(name)}, which is not configured, was skipped; configure it or correct the name");
            return;
        }

        List<ServiceDependency> added = [.. element.Elements().Select(target => ReadTarget(target, service.Name, byName, problems)).OfType<ServiceDependency>()];
        byName[service.Name] = service with { Dependencies = [.. service.Dependencies, .. added] };
    }

    private static ServiceDependency? ReadTarget(
        XElement element, ServiceName service, Dictionary<ServiceName, ServiceDefinition> byName, ProblemList problems)
    {
        if (element.Name.LocalName != "target" || element.Text("name") is not { } name)
        {
            problems.Error(ProblemCode.BadDependency, element, $"<{element.Name.LocalName}> below the dependency of {service} was skipped: <target name=\"SERVICE\"> is expected there");
            return null;
        }

        ServiceName target = ServiceName.Parse(name);
        if (!byName.ContainsKey(target) || target == service)
        {
            problems.Error(
                ProblemCode.UnknownDependency,
                element,
                target == service ? $"{service} names itself as a target; it was skipped" : $"{service} depends on {target}, which is not configured: it starts without it; configure {target} or correct the name");
            return null;
        }

        Requirement require = Word(element, "require", Requirement.None, problems);
        Colocation colocate = Word(element, "colocate", Colocation.None, problems);
        if (require == Requirement.None && colocate == Colocation.None)
        {
            problems.Warning(ProblemCode.BadDependency, element, $"the target {target} of {service} asks for nothing: give require or colocate");
            return null;
        }

        if (require == Requirement.Never && colocate == Colocation.Always)
        {
            problems.Warning(ProblemCode.BadDependency, element, $"{service} never runs beside {target}, so that colocate=\"always\" has no meaning");
        }

        return new ServiceDependency(target, require, colocate);
    }

    private static T Word<T>(XElement element, string attribute, T ifAbsent, ProblemList problems) where T : struct, Enum
    {
        if (element.Text(attribute) is not { } text)
        {
            return ifAbsent;
        }

        string[] words = [.. Enum.GetNames<T>().Where(name => name != ifAbsent.ToString()).Select(name => name.ToLowerInvariant())];
        if (words.Contains(text.ToLowerInvariant()))
        {
            return Enum.Parse<T>(text, ignoreCase: true);
        }

        problems.Warning(ProblemCode.BadDependency, element, $"{attribute}=\"{text}\" is none of {string.Join(", ", words)}; it was left out");
        return ifAbsent;
    }

    /// <summary>Services none of which can ever start, because each waits for the next. Each service is looked at once.</summary>
    private static void ReportCircles(ImmutableArray<ServiceDefinition> services, Dictionary<ServiceName, ServiceDefinition> byName, ProblemList problems)
    {
        HashSet<ServiceName> done = [];
        foreach (ServiceDefinition service in services)
        {
            // The way from the first to the present one, with what is still to be looked at below each.
            Stack<(ServiceName Name, Queue<ServiceName> Needs)> way = new();
            if (done.Add(service.Name))
            {
                way.Push((service.Name, new(service.Needs)));
            }

            while (way.TryPeek(out (ServiceName Name, Queue<ServiceName> Needs) at))
            {
                if (!at.Needs.TryDequeue(out ServiceName needed))
                {
                    way.Pop();
                }
                else if (way.Any(step => step.Name == needed))
                {
                    ReportCircle([needed, .. way.TakeWhile(step => step.Name != needed).Select(step => step.Name).Reverse()], byName, problems);
                }
                else if (done.Add(needed))
                {
                    way.Push((needed, new(byName[needed].Needs)));
                }
            }
        }
    }

    private static void ReportCircle(ImmutableArray<ServiceName> circle, Dictionary<ServiceName, ServiceDefinition> byName, ProblemList problems)
    {
        string way = string.Join(", which depends on ", circle.Append(circle[0]));
        problems.Add(
            ConfigSeverity.Error, ProblemCode.CircularDependency, circle.Min(name => byName[name].Line), $"{way}: a circle in which none can ever start; remove one depend");
    }
}
